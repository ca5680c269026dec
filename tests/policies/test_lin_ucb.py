from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import LinUCB, Options
from equipoise.random import derive

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_it_shows_the_highest_mean_plus_alpha_deviations(planted: Rows, offered: Request) -> None:
    policy = LinUCB(alpha=2.0).start(3).update(planted(50, WEIGHTS))
    features = derive(2, "asked").normal(size=(12, 3))
    believed = policy.ridge.believed
    means, deviations = believed.predict(features)
    slates = policy.decide(offered(features), 4, rng=derive(3, "draw"))
    np.testing.assert_array_equal(slates.actions[0], np.argsort(-(means + 2.0 * deviations))[:4])
    assert (slates.propensities == 1.0).all()


def test_among_equal_means_it_shows_what_is_least_known(planted: Rows, offered: Request) -> None:
    """One feature was seen often, the other never; neither earns anything."""
    news = planted(500, np.zeros(2))
    news.features[:, 1] = 0.0
    policy = LinUCB().start(2).update(news)
    assert policy.propensities(offered(np.eye(2)), np.array([[1]]))[0, 0] == 1.0


def test_it_stops_exploring(planted: Rows, offered: Request) -> None:
    policy = LinUCB(half_life=1e12).start(3).update(planted(200_000, WEIGHTS))
    slates = policy.decide(offered(derive(2, "asked").normal(size=(12, 3))), 4, rng=derive(3, "draw"))
    assert not slates.explored.any()


@pytest.mark.parametrize("settings", [{"alpha": -1.0}, {"half_life": 0.0}, {"alpha": float("nan")}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="lin_ucb: needs"):
        LinUCB(**settings)
