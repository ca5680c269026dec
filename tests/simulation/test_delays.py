import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.random import derive
from equipoise.simulation.parts.delays import NEVER, AtOnce, Geometric, Post


def rewards(*amounts: float) -> LoggedFeedback:
    n = len(amounts)
    return LoggedFeedback(
        items=np.arange(n),
        features=np.ones((n, 2)),
        positions=np.zeros(n, dtype=np.int64),
        propensities=np.full(n, 0.5),
        rewards=np.array(amounts),
        impressions=np.ones(n),
    )


def test_delays_have_their_mean_and_window() -> None:
    delays = Geometric(mean=50, window=100).draw((100_000,), derive(1))
    kept = delays[delays < NEVER]
    assert kept.min() >= 1
    assert kept.max() == 100
    assert abs(len(kept) / len(delays) - Geometric(mean=50, window=100).credited) < 0.005
    assert abs(Geometric(mean=50, window=10**6).draw((100_000,), derive(2)).mean() - 50) < 1


def test_at_once_is_no_delay() -> None:
    assert AtOnce().draw((2, 3), derive(1)).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert AtOnce().credited == 1


def test_each_reward_is_delivered_once_when_due_and_counts_no_impression() -> None:
    post = Post()
    post.send(rewards(1.0, 2.0, 4.0), np.array([10, 5, NEVER]))
    assert post.collect(4).rewards.tolist() == []
    second = post.collect(7)
    assert (second.items.tolist(), second.rewards.tolist(), second.impressions.tolist()) == (
        [1],
        [2.0],
        [0.0],
    )
    assert post.collect(10**9).rewards.tolist() == [1.0]
    assert post.collect(10**9).rewards.tolist() == []
    assert post.waiting == []


def test_a_delay_below_one_round_is_refused() -> None:
    with pytest.raises(BadInputError, match="at least 1"):
        Geometric(mean=0.5, window=3)
