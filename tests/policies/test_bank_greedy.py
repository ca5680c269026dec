from typing import Any

import numpy as np
import pytest

from equipoise.policies import BankGreedy, LinGreedy
from equipoise.random import derive
from equipoise.simulation.runner import run
from equipoise.simulation.worlds import AbruptDrift

RATES = np.array([0.05, 0.4, 0.1, 0.05, 0.2])


def regret(config: Any, seed: int) -> float:
    world = AbruptDrift(every=1_500).start(seed)
    d = AbruptDrift().start(seed).requests(1).features.shape[2]
    trace = run(world, config.start(d), rounds=5_000, batch=100, k=1, rng=derive(seed, "bank_greedy"))
    return float(trace.regret.sum())


@pytest.mark.parametrize("seed", [1, 2])
def test_it_forgets_a_taste_that_has_jumped(seed: int) -> None:
    assert regret(BankGreedy(), seed) < 0.8 * regret(LinGreedy(), seed)


def test_it_shows_only_the_best_guess(offer: Any, shown: Any) -> None:
    rng = derive(1, "shown")
    items = rng.integers(0, 5, 1_000)
    policy = BankGreedy().start(1).update(shown(items, (rng.random(1_000) < RATES[items]) * 1.0))
    np.testing.assert_array_equal(
        policy.propensities(offer(0, 1, 2, 3, 4, n=3), np.array([[1, 4], [0, 1], [1, 2]])),
        [[1.0, 1.0], [0.0, 0.0], [1.0, 0.0]],
    )


def test_before_anything_is_known_all_are_shown_alike(offer: Any) -> None:
    policy = BankGreedy().start(1)
    np.testing.assert_allclose(policy.propensities(offer(0, 1, 2, 3), np.array([[2, 0]])), [[1 / 4, 1 / 3]])


def test_what_brings_money_is_shown_before_what_is_clicked(offer: Any, shown: Any) -> None:
    """Item 1 earns 40 in 1 of 10 of its rounds, item 0 earns 5 in 4 of 10."""
    rounds = np.arange(400)
    items = rounds % 2
    earned = np.where(items == 1, 40.0 * (rounds % 20 == 1), 5.0 * (rounds % 10 < 4))
    policy = BankGreedy().start(1)
    for part in np.split(rounds, 10):
        policy = policy.update(shown(items[part], earned[part]))
    assert policy.propensities(offer(0, 1), np.array([[1]]))[0, 0] == 1.0
