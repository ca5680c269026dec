from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import LinIDS, Options
from equipoise.policies.lin_ids import InformationDirected
from equipoise.policies.sampler import Slot
from equipoise.random import derive
from equipoise.types import Floats

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def slot(worth: Floats) -> Slot:
    left, none = worth[None], np.zeros((1, 1), np.int64)
    return Slot(0, left, left.max(axis=1, keepdims=True), none, np.zeros((1, 0), np.int64), 0)


def test_it_minimises_the_information_ratio_over_pairs_with_the_safe_one() -> None:
    rng, grid = derive(1, "pairs"), np.linspace(0.0, 1.0, 2_001)
    for _ in range(100):
        worth, width, information = rng.normal(size=6), rng.random(6), 0.01 + rng.random(6)
        weigh = InformationDirected(
            worth=worth[None],
            upper=(worth + width)[None],
            lower=(worth - width)[None],
            information=information[None],
        )
        weights = weigh(slot(worth))[0]
        gaps = (worth + width).max() - (worth - width)
        safe = int(np.argmin(gaps))

        def ratio(gap: Any, known: Any) -> Any:
            return gap**2 / known

        pairs = [
            ratio(
                (1 - grid) * gaps[safe] + grid * gaps[other],
                (1 - grid) * information[safe] + grid * information[other],
            ).min()
            for other in range(6)
        ]
        assert weights.sum() == pytest.approx(1.0)
        assert ratio(weights @ gaps, weights @ information) == pytest.approx(min(pairs), rel=1e-4)


def test_it_learns_which_rewards_are_noisy(planted: Rows) -> None:
    news = planted(20_000, WEIGHTS, noise=0.0)
    features: Floats = np.column_stack((np.ones(20_000), np.sign(news.features[:, 0]), news.features[:, 2]))
    noise = (0.6 + 0.2 * features[:, 1]) * derive(1, "noise").standard_normal(20_000)
    policy = LinIDS(half_life=1e12).start(3).update(replace(news, features=features, rewards=0.3 + noise))
    policy = policy.update(replace(news, features=features, rewards=0.3 + noise))
    loud, quiet = policy.noise(np.array([[1.0, 1.0, 0.0], [1.0, -1.0, 0.0]]))
    assert loud == pytest.approx(0.64, rel=0.15)
    assert quiet == pytest.approx(0.16, rel=0.15)


def test_among_equals_it_asks_where_there_is_less_noise() -> None:
    """Means and bounds alike, apart from a safe one: information decides."""
    worth = np.array([[0.5, 0.3, 0.3]])
    weigh = InformationDirected(
        worth=worth, upper=worth + 0.3, lower=worth - 0.3, information=np.array([[0.01, 0.1, 0.2]])
    )
    weights = weigh(slot(worth[0]))[0]
    assert weights[1] == 0.0
    assert weights[2] > 0.0


@pytest.mark.parametrize("settings", [{"width": 0.0}, {"half_life": 0.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="lin_ids: needs"):
        LinIDS(**settings)
