import numpy as np

from equipoise.policies.counts import News
from equipoise.policies.window import WindowCounts
from equipoise.random import derive


def seen(items: list[int], reward: float = 1.0) -> News:
    n = len(items)
    return News(np.array(items), np.ones(n), np.ones(n), np.full(n, reward))


def test_only_the_last_impressions_count_and_those_in_full() -> None:
    rng, counts = derive(1, "window"), WindowCounts.none(100)
    items, rewards = rng.integers(0, 9, 1_000), rng.normal(size=1_000)
    for part in np.array_split(np.arange(1_000), 37):
        ones = np.ones(len(part))
        counts = counts.add(News(items[part], ones, ones, rewards[part]))
    np.testing.assert_array_equal(counts.exposure[:9], np.bincount(items[-100:], minlength=9))
    np.testing.assert_allclose(counts.earned[:9], np.bincount(items[-100:], rewards[-100:], 9))
    np.testing.assert_allclose(counts.squares[:9], np.bincount(items[-100:], rewards[-100:] ** 2, 9))


def test_what_has_left_leaves_nothing_behind_and_its_row_stays() -> None:
    counts = WindowCounts.none(3).add(seen([7], 0.1)).add(seen([1, 2, 1], 0.3))
    assert len(counts.exposure) == 9
    assert counts.exposure[7] == counts.earned[7] == counts.squares[7] == 0.0


def test_a_late_reward_counts_from_when_it_comes() -> None:
    late = News(np.array([5]), np.zeros(1), np.zeros(1), np.array([4.0]))
    counts = WindowCounts.none(2).add(seen([5], 0.0)).add(seen([6], 0.0)).add(late)
    assert (counts.exposure[5], counts.earned[5]) == (1.0, 4.0)
    assert counts.add(seen([6])).earned[5] == 4.0
    assert counts.add(seen([6, 6])).earned[5] == 0.0


def test_a_batch_larger_than_the_window() -> None:
    counts = WindowCounts.none(2).add(seen([0, 1, 2, 3]))
    assert counts.exposure.tolist() == [0.0, 0.0, 1.0, 1.0, 0.0]
