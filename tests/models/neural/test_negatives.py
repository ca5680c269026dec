import numpy as np
import pytest

from equipoise.models.neural.negatives import NEGATIVES
from equipoise.models.neural.negatives.hard import POOL
from equipoise.random import derive

SHARES = np.array([0.5, 0.3, 0.15, 0.05])


@pytest.mark.parametrize("name", ["uniform", "popularity", "mixed", "in_batch", "hard"])
def test_items_come_as_often_as_is_said(name: str) -> None:
    n, rng = 50, derive(3)
    counts, stated = np.zeros(4), np.full(4, np.nan)
    for _ in range(2000):
        targets = rng.choice(4, size=n, p=SHARES)
        drawn = NEGATIVES[name](SHARES, n).draw(targets, rng)
        counts += np.bincount(drawn.items, minlength=4) / 2000
        stated[drawn.items] = np.exp(drawn.log_counts)
    np.testing.assert_allclose(counts, stated, rtol=0.05)
    assert counts.sum() == pytest.approx(n if drawn.hardest is None else POOL * drawn.hardest)


@pytest.mark.parametrize("name", NEGATIVES)
def test_what_is_expected_is_what_is_said_of_the_drawn(name: str) -> None:
    negatives = NEGATIVES[name](SHARES, 4)
    drawn = negatives.draw(np.array([0, 1, 1, 2]), derive(3))
    items = drawn.items if drawn.items.ndim == 1 else drawn.items[0]
    np.testing.assert_allclose(np.log(negatives.expected(items)), drawn.log_counts, rtol=1e-6)


def test_each_target_has_its_own() -> None:
    drawn = NEGATIVES["own"](SHARES, 3).draw(np.zeros(20_000, np.int64), derive(3))
    assert drawn.items.shape == (20_000, 3)
    counts = [np.bincount(drawn.items[:, at], minlength=4) / 20_000 for at in range(3)]
    np.testing.assert_allclose(np.sum(counts, axis=0), np.full(4, 3 / 4), rtol=0.05)
    np.testing.assert_allclose(np.exp(drawn.log_counts), np.full(3, 3 / 4), rtol=1e-6)


def test_all_are_all() -> None:
    drawn = NEGATIVES["all"](SHARES, 2).draw(np.array([1]), derive(1))
    assert drawn.items.tolist() == [0, 1, 2, 3]
    assert drawn.log_counts.tolist() == [0, 0, 0, 0]


def test_in_batch_takes_no_more_than_asked() -> None:
    targets = np.array([0, 1, 1, 2, 3])
    drawn = NEGATIVES["in_batch"](SHARES, 3).draw(targets, derive(1))
    assert len(drawn.items) == 3
    assert set(drawn.items.tolist()) <= set(targets.tolist())
