from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import Bagging, Options

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_a_propensity_is_the_share_of_members_that_prefer_it(planted: Rows, offered: Request) -> None:
    policy = Bagging(members=10).start(3).update(planted(20, WEIGHTS))
    features = np.eye(3)
    best = np.argmax(features @ policy.weights, axis=0)
    chances = [policy.propensities(offered(features), np.array([[place]]))[0, 0] for place in range(3)]
    np.testing.assert_allclose(chances, np.bincount(best, minlength=3) / 10)


def test_members_differ_as_much_as_is_unknown(planted: Rows) -> None:
    policy = Bagging(members=2_000).start(3).update(planted(300, WEIGHTS))
    believed = policy.ridge.believed
    deviations = np.sqrt(np.diag(believed.root.T @ believed.root))
    np.testing.assert_allclose(policy.weights.mean(axis=1), believed.mean, atol=0.01)
    np.testing.assert_allclose(policy.weights.std(axis=1), deviations, rtol=0.15)


def test_late_rewards_are_right_on_average(planted: Rows) -> None:
    news = planted(500, WEIGHTS)
    start = Bagging(members=2_000).start(3)
    late = start.update(replace(news, rewards=np.zeros(500))).update(replace(news, impressions=np.zeros(500)))
    np.testing.assert_allclose(late.weights.mean(axis=1), start.update(news).weights.mean(axis=1), atol=0.01)


@pytest.mark.parametrize("settings", [{"members": 0}, {"half_life": 0.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="bagging: needs"):
        Bagging(**settings)
