from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import LinThompson, Options
from equipoise.random import derive

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_a_propensity_is_the_share_of_draws_that_prefer_it(planted: Rows, offered: Request) -> None:
    policy = LinThompson(draws=40).start(3).update(planted(30, WEIGHTS))
    features = derive(2, "asked").normal(size=(5, 3))
    best = np.argmax(features @ policy.draws, axis=0)
    chances = [policy.propensities(offered(features), np.array([[place]]))[0, 0] for place in range(5)]
    np.testing.assert_allclose(chances, np.bincount(best, minlength=5) / 40)


def test_its_draws_are_from_the_posterior(planted: Rows) -> None:
    policy = LinThompson(draws=50_000, scale=2.0).start(3).update(planted(100, WEIGHTS))
    believed = policy.ridge.believed
    np.testing.assert_allclose(policy.draws.mean(axis=1), believed.mean, atol=0.01)
    np.testing.assert_allclose(np.cov(policy.draws), 4.0 * believed.root.T @ believed.root, atol=1e-3)


def test_every_update_draws_afresh_and_the_same_again(planted: Rows) -> None:
    start, news = LinThompson().start(3), planted(10, WEIGHTS)
    once, again, twice = start.update(news), start.update(news), start.update(news).update(news)
    np.testing.assert_array_equal(once.draws, again.draws)
    assert once.updates == 1
    assert not np.isclose(once.draws[:, 0] - once.ridge.believed.mean, twice.draws[:, 0]).any()
    assert not np.array_equal(LinThompson(seed=1).start(3).draws, start.draws)


@pytest.mark.parametrize("settings", [{"draws": 0}, {"scale": 0.0}, {"half_life": -1.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="lin_thompson: needs"):
        LinThompson(**settings)
