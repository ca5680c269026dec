from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import Cover, Options

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_later_members_prefer_what_is_seldom_shown(planted: Rows) -> None:
    """Rows of the first feature were shown for sure, those of the second with a chance of 1 %."""
    news = planted(1_000, np.zeros(2))
    first = np.arange(1_000) % 100 > 0
    features = np.where(first[:, None], [1.0, 0.0], [0.0, 1.0])
    news = replace(news, features=features, propensities=np.where(first, 0.99, 0.01))
    policy = Cover(half_life=1e12).start(2).update(news)
    paid = policy.cover.weights - policy.cover.mean[:, None]
    np.testing.assert_allclose(paid[:, 0], 0.0)
    assert (paid[1, 1:] > 10.0 * paid[0, 1:]).all()
    assert (np.diff(paid[1]) > 0.0).all()


def test_the_bonus_and_the_floor_shrink(planted: Rows) -> None:
    def paid(n: int) -> tuple[float, float]:
        cover = Cover().start(3).update(planted(n, WEIGHTS)).cover
        return float(np.abs(cover.weights[:, -1] - cover.mean).max()), cover.floor

    assert paid(10_000) < paid(100)
    assert paid(10_000)[1] == pytest.approx(0.05 / np.sqrt(4 * 10_000), rel=0.05)


def test_every_candidate_has_a_chance(planted: Rows, offered: Request) -> None:
    policy = Cover().start(3).update(planted(1_000, WEIGHTS))
    options = offered(np.eye(3))
    for place in range(3):
        assert policy.propensities(options, np.array([[place]]))[0, 0] >= policy.cover.floor


@pytest.mark.parametrize("settings", [{"members": 1}, {"bonus": -1.0}, {"epsilon": -1.0}, {"half_life": 0.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="cover: needs"):
        Cover(**settings)
