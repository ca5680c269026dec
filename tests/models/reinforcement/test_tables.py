"""Tables against the exact solution, and values worked out by hand."""

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.models.reinforcement.process import Process
from equipoise.models.reinforcement.q_learning import QLearning
from equipoise.models.reinforcement.q_table import QTable, Steps
from equipoise.models.reinforcement.sarsa import Sarsa
from equipoise.policies.epsilon_decaying import EpsilonDecaying
from equipoise.policies.epsilon_greedy import EpsilonGreedy
from equipoise.random import derive
from equipoise.simulation.sessions.walk import learn_table


def corridor() -> Process:
    """Going on earns nothing until the end earns 1; giving up earns 0.3 at once."""
    chances, rewards = np.zeros((3, 2, 3)), np.zeros((3, 2, 3))
    chances[0, 0, 1] = chances[1, 0, 2] = chances[:, 1, 2] = chances[2, 0, 2] = 1.0
    rewards[1, 0, 2], rewards[:2, 1, 2] = 1.0, 0.3
    return Process(
        states=("first", "second", "end"),
        actions=("on", "give up"),
        chances=chances,
        rewards=rewards,
        start=np.array([1.0, 0.0, 0.0]),
        final=np.array([0, 0, 1]),
    )


def one(state: int, action: int, reward: float, following: int, then: int, *, done: int = 0) -> Steps:
    return Steps(
        states=np.array([state]),
        actions=np.array([action]),
        rewards=np.array([reward]),
        following=np.array([following]),
        next_actions=np.array([then]),
        done=np.array([done]),
    )


def test_the_exact_solution_is_the_one_worked_out_by_hand() -> None:
    assert corridor().solved(0.9) == pytest.approx(np.array([[0.9, 0.3], [1.0, 0.3], [0.0, 0.0]]))
    always_on = np.array([[1.0, 0.0]] * 3)
    assert corridor().valued(always_on, 0.9) == pytest.approx([0.9, 1.0, 0.0])


def test_one_step_is_the_formula() -> None:
    table = QTable.blank(2, 2, value=0.5)
    table.values[1] = [2.0, 1.0]
    step = one(0, 1, reward=1.0, following=1, then=1)
    half = {"discount": 0.9, "learning_rate": 0.25, "fading": 0.0}
    assert QLearning(**half).learn(table, step).values[0, 1] == pytest.approx(
        0.5 + 0.25 * (1 + 0.9 * 2 - 0.5)
    )
    assert Sarsa(**half).learn(table, step).values[0, 1] == pytest.approx(0.5 + 0.25 * (1 + 0.9 * 1 - 0.5))
    assert table.values[0, 1] == 0.5
    assert table.visits.sum() == 0


@pytest.mark.parametrize("kind", [QLearning, Sarsa])
def test_traces_teach_the_steps_before(kind: type[QLearning] | type[Sarsa]) -> None:
    learner = kind(discount=0.9, learning_rate=0.5, fading=0.0, trace_decay=0.8)
    table = learner.learn(QTable.blank(3, 2), one(0, 0, 0.0, 1, 0))
    table = learner.learn(table, one(1, 0, 1.0, 2, 0, done=1))
    assert table.values[:, 0] == pytest.approx([0.5 * 0.9 * 0.8, 0.5, 0.0])
    assert not table.traces.any()


def test_watkins_cuts_the_trace_at_an_exploring_action() -> None:
    table = QTable.blank(3, 2)
    table.values[1] = [0.0, 1.0]
    learner = QLearning(learning_rate=0.5, fading=0.0, trace_decay=0.8)
    assert not learner.learn(table, one(0, 0, 0.0, 1, 0)).traces.any()
    assert learner.learn(table, one(0, 0, 0.0, 1, 1)).traces.any()


@pytest.mark.parametrize("trace_decay", [0.0, 0.7])
def test_q_learning_finds_the_exact_table(trace_decay: float) -> None:
    learner = QLearning(fading=0.6, trace_decay=trace_decay)
    explored = EpsilonGreedy(epsilon=0.5)
    found = learn_table(corridor(), learner, explored, steps=4_000, shoppers=20, rng=derive(3))
    assert np.abs(found.values - corridor().solved(0.9)).max() < 0.02


def test_sarsa_finds_it_as_exploration_fades() -> None:
    found = learn_table(
        corridor(), Sarsa(fading=0.6), EpsilonDecaying(pace=50.0), steps=40_000, shoppers=20, rng=derive(3)
    )
    assert np.abs(found.values - corridor().solved(0.9)).max() < 0.02
    assert found.greedy()[:2].tolist() == [0, 0]


def test_the_same_seed_gives_the_same_bits() -> None:
    first, again = (
        learn_table(corridor(), QLearning(), EpsilonGreedy(), steps=500, shoppers=7, rng=derive(5))
        for _ in range(2)
    )
    assert np.array_equal(first.values, again.values)
    assert first.visits.sum() == 504


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadInputError, match="discount"):
        QLearning(discount=1.0)
    with pytest.raises(BadInputError, match="learning_rate"):
        Sarsa(learning_rate=0.0)
    with pytest.raises(BadInputError, match="steps"):
        learn_table(corridor(), QLearning(), EpsilonGreedy(), steps=0, rng=derive(1))
