"""Exploring earns its keep where greedy is stuck, and costs little where it is not."""

from collections.abc import Callable

import numpy as np
import pytest

from equipoise.policies import LinBoltzmann, LinGreedy, Uniform
from equipoise.types import Floats

Reward = Callable[..., Floats]


def test_learning_beats_chance_by_far(reward: Reward) -> None:
    learnt, chance = reward(LinBoltzmann(), seed=0, slates=2_000), reward(Uniform(), seed=0, slates=2_000)
    assert learnt.mean() > 2.0 * chance.mean()


def test_it_recovers_after_a_shift_of_taste_where_greedy_is_stuck(reward: Reward) -> None:
    """Shops whose items differ much, over five seeds, the second half only: after the shift."""
    gains = [
        reward(LinBoltzmann(item_spread=0.5), seed=seed, unlike=0.8)[60:].mean()
        / reward(LinGreedy(item_spread=0.5), seed=seed, unlike=0.8)[60:].mean()
        for seed in range(5)
    ]
    assert np.mean(gains) > 1.02


@pytest.mark.parametrize("unlike", [0.3, 0.5])
def test_it_costs_little_where_there_is_little_to_find(reward: Reward, unlike: float) -> None:
    quiet = {"unlike": unlike, "shift": 0.0, "arriving": 1}
    ratios = [
        reward(LinBoltzmann(), seed=seed, **quiet).mean() / reward(LinGreedy(), seed=seed, **quiet).mean()
        for seed in range(3)
    ]
    assert np.mean(ratios) > 0.96
