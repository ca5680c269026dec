"""The tabular session: its chances are what happens, and tables learnt in it come to the exact one."""

import numpy as np
import pytest

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.reinforcement.process import Process
from equipoise.models.reinforcement.q_learning import QLearning
from equipoise.policies.epsilon_decaying import EpsilonDecaying
from equipoise.policies.epsilon_greedy import EpsilonGreedy
from equipoise.random import derive
from equipoise.simulation import Tastes
from equipoise.simulation.sessions.clusters import Clusters
from equipoise.simulation.sessions.lessons import LESSONS
from equipoise.simulation.sessions.table import SessionTable
from equipoise.simulation.sessions.walk import Walkers, learn_table

from ..conftest import ITEMS, SIZE


@pytest.fixture(scope="module")
def clusters(tastes: Tastes, orders: Interactions) -> Clusters:
    return Clusters.of(tastes, orders, 3, rng=derive(7, "clusters"))


@pytest.fixture(scope="module")
def process(clusters: Clusters) -> Process:
    return SessionTable().process(clusters)


def test_clusters_are_the_planted_groups(clusters: Clusters) -> None:
    labels = clusters.labels.reshape(ITEMS // SIZE, SIZE)
    assert all(np.bincount(group).max() >= SIZE - 1 for group in labels)
    assert (np.diff(clusters.shares) <= 0).all()
    assert (clusters.follows.argmax(axis=1) == np.arange(3)).all()


def test_what_walkers_earn_is_what_the_process_says(process: Process) -> None:
    n, rng = 40_000, derive(7, "walk")
    walkers = Walkers.arrived(process, n, rng)
    value = process.valued(np.full(process.chances.shape[:2], 1 / 3), 0.9) @ process.start
    alive, total = np.ones(n), np.zeros(n)
    for step in range(60):
        rewards, _, done = walkers.step(rng.integers(3, size=n))
        total += 0.9**step * alive * rewards
        alive *= 1 - done
    assert total.mean() == pytest.approx(value, abs=4 * total.std() / n**0.5)


def test_q_learning_comes_within_two_per_cent_of_the_exact_table(process: Process) -> None:
    exact = process.solved(0.9)
    learner, explored = QLearning(fading=0.75), EpsilonGreedy(epsilon=1.0)
    found = learn_table(process, learner, explored, steps=800_000, shoppers=4_000, rng=derive(7, "q"))
    assert np.abs(found.values - exact).max() < 0.02 * (exact.max() - exact.min())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_sarsa_does_so_as_its_exploration_fades(tastes: Tastes, orders: Interactions, seed: int) -> None:
    process = SessionTable().process(Clusters.of(tastes, orders, 2, rng=derive(7, "clusters")))
    exact, learner = process.solved(0.9), LESSONS["sarsa"].learner
    fading = EpsilonDecaying(pace=50.0, fading=0.5)
    found = learn_table(process, learner, fading, steps=6_000_000, shoppers=4_000, rng=derive(seed, "s"))
    assert np.abs(found.values - exact).max() < 0.02 * (exact.max() - exact.min())
    assert (found.greedy()[:-1] == exact.argmax(axis=1)[:-1]).all()


def test_chances_that_cannot_be_are_refused(tastes: Tastes, orders: Interactions) -> None:
    with pytest.raises(BadInputError, match="gone"):
        SessionTable(gone=(0.0, 0.1, 0.1, 0.1))
    with pytest.raises(BadInputError, match="clusters"):
        Clusters.of(tastes, orders, 1, rng=derive(1))
