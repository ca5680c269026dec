"""Policies that learn from features, in worlds whose truth is known: most of the regret must go."""

import pytest

from equipoise.policies import named
from equipoise.random import derive
from equipoise.simulation.runner import run
from equipoise.simulation.worlds import Linear, SparseClicks

ON_FEATURES = [
    "bagging",
    "cover",
    "discounted_lin_ucb",
    "fast_cb",
    "lin_ids",
    "lin_thompson",
    "lin_ucb",
    "logistic_thompson",
    "neural_linear",
    "reg_cb",
    "square_cb",
    "windowed_lin_ucb",
]


@pytest.mark.parametrize("name", ON_FEATURES)
def test_it_learns_a_linear_reward(name: str) -> None:
    """A uniform policy has a regret of about 0.9 a round."""
    world = Linear().start(3)
    trace = run(world, named(name).start(11), rounds=2_000, batch=20, k=1, rng=derive(1, name))
    assert trace.regret[-50:].sum() / 1_000 < 0.1


@pytest.mark.parametrize("name", ON_FEATURES)
def test_it_learns_rare_clicks(name: str) -> None:
    """A uniform policy has a regret of about 0.14 a round."""
    world = SparseClicks(click_rate=0.05, own=0.0).start(3)
    trace = run(world, named(name).start(11), rounds=3_000, batch=20, k=1, rng=derive(2, name))
    assert trace.regret[-50:].sum() / 1_000 < 0.05
