from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import Options, SquareCB

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_gaps_count_more_the_more_was_seen_and_the_less_noise_there_is(planted: Rows) -> None:
    def gamma(n: int, noise: float) -> float:
        policy = SquareCB().start(3).update(planted(n, WEIGHTS, noise=noise))
        return float(policy.gamma(np.array([[10.0]]))[0, 0])

    assert gamma(100, 0.5) < gamma(1_000, 0.5) < gamma(10_000, 0.5) < gamma(10_000, 0.1)
    assert gamma(10_000, 0.5) == pytest.approx(50 * np.sqrt(1e5 / (0.25 * 3 * np.log(1e4))), rel=0.05)


def test_every_candidate_has_a_chance(planted: Rows, offered: Request) -> None:
    policy = SquareCB().start(3).update(planted(200, WEIGHTS))
    options = offered(np.eye(3))
    chances = np.array([policy.propensities(options, np.array([[place]]))[0, 0] for place in range(3)])
    assert (chances > 0.0).all()
    assert np.argmax(chances) == 0


def test_candidates_that_are_not_there_do_not_count(planted: Rows, offered: Request) -> None:
    policy = SquareCB().start(3).update(planted(200, WEIGHTS))
    few, many = offered(np.eye(3)), offered(np.concatenate((np.eye(3), np.ones((4, 3)))))
    many.items[0, 3:] = -1
    for place in range(3):
        asked = np.array([[place]])
        np.testing.assert_allclose(policy.propensities(few, asked), policy.propensities(many, asked))


@pytest.mark.parametrize("settings", [{"sharpness": 0.0}, {"half_life": 0.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="square_cb: needs"):
        SquareCB(**settings)
