from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import LogisticThompson, Options
from equipoise.random import derive

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_a_propensity_is_the_share_of_draws_that_prefer_it(planted: Rows, offered: Request) -> None:
    policy = LogisticThompson(draws=40).start(3).update(planted(30, WEIGHTS))
    features = derive(2, "asked").normal(size=(5, 3))
    best = np.argmax(features @ policy.draws, axis=0)
    chances = [policy.propensities(offered(features), np.array([[place]]))[0, 0] for place in range(5)]
    np.testing.assert_allclose(chances, np.bincount(best, minlength=5) / 40)


def test_it_becomes_sure(planted: Rows, offered: Request) -> None:
    news = planted(20_000, WEIGHTS)
    policy = LogisticThompson().start(3).update(replace(news, rewards=(news.rewards > 0.5) * 1.0))
    spread, before = policy.draws.std(axis=1), LogisticThompson().start(3).draws.std(axis=1)
    assert (spread < 0.1 * before).all()
    slates = policy.decide(offered(np.eye(3)), 3, rng=derive(3, "draw"))
    assert slates.actions.tolist() == [[0, 2, 1]]
    assert (slates.propensities == 1.0).all()


@pytest.mark.parametrize("settings", [{"draws": 0}, {"scale": 0.0}, {"half_life": -1.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="logistic_thompson: needs"):
        LogisticThompson(**settings)
