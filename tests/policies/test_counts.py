import numpy as np
import pytest

from equipoise.policies.counts import FadingCounts, News
from equipoise.random import derive


def news(n: int, seed: int, *, n_items: int = 20) -> News:
    rng = derive(seed, "news")
    seen = (rng.random(n) < 0.8).astype(np.float64)
    return News(rng.integers(0, n_items, n), seen, seen * rng.random(n), rng.normal(size=n))


def test_sums_are_those_of_the_rows() -> None:
    rows = news(500, 1)
    counts = FadingCounts.none(1e15).add(rows)
    for item in range(20):
        mine = rows.items == item
        assert counts.exposure[item] == pytest.approx(rows.exposure[mine].sum())
        assert counts.earned[item] == pytest.approx(rows.rewards[mine].sum())
        assert counts.squares[item] == pytest.approx((rows.rewards[mine] ** 2).sum())


def test_neither_batches_nor_their_order_matter() -> None:
    first, second = news(30, 1), news(50, 2)
    start = FadingCounts.none(1e15)
    one, two = start.add(first).add(second), start.add(second).add(first)
    np.testing.assert_allclose(one.earned, two.earned)
    np.testing.assert_allclose(one.exposure, two.exposure)


def test_it_halves_in_a_half_life_of_impressions_not_of_late_rewards() -> None:
    seen = News(np.array([0]), np.ones(1), np.ones(1), np.ones(1))
    elsewhere = News(np.full(10, 3), np.ones(10), np.ones(10), np.zeros(10))
    late = News(np.full(10, 3), np.zeros(10), np.zeros(10), np.ones(10))
    counts = FadingCounts.none(10.0).add(seen)
    assert counts.add(elsewhere).exposure[0] == pytest.approx(0.5)
    assert counts.add(late).exposure[0] == 1.0


def test_rows_grow_with_the_codes_met_and_the_last_stays_empty() -> None:
    counts = FadingCounts.none(1e15).add(news(100, 1))
    more = counts.add(News(np.array([999]), np.ones(1), np.ones(1), np.ones(1)))
    assert (len(counts.exposure), len(more.exposure)) == (21, 1001)
    np.testing.assert_allclose(more.earned[:20], counts.earned[:20])
    assert more.exposure[-1] == more.earned[-1] == counts.exposure[-1] == 0.0
