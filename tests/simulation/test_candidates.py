import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.random import derive
from equipoise.simulation.parts.candidates import Arriving, SameForAll, Sampled


@pytest.mark.parametrize("n_items", [7, 12])
def test_sampled_candidates_differ_and_every_item_is_as_likely(n_items: int) -> None:
    sampled, rng = Sampled(n_items, 3), derive(0, n_items)
    codes = np.concatenate([sampled.codes(np.zeros(100, dtype=np.int64), rng) for _ in range(100)])
    assert all(len(set(row)) == 3 for row in codes.tolist())
    counts = np.bincount(codes[:, 0], minlength=n_items)
    assert abs(counts - 10_000 / n_items).max() < 5 * np.sqrt(10_000 / n_items)


def test_all_pairs_come_together() -> None:
    sampled, rng, times = Sampled(6, 2), derive(1), np.zeros(5, dtype=np.int64)
    codes = np.concatenate([sampled.codes(times, rng) for _ in range(500)])
    assert len({tuple(sorted(row)) for row in codes.tolist()}) == 15


def test_everyone_gets_the_same() -> None:
    assert SameForAll(3).codes(np.zeros(2, dtype=np.int64), derive(0)).tolist() == [[0, 1, 2], [0, 1, 2]]


def test_items_arrive_and_leave_in_turn() -> None:
    arriving = Arriving(Sampled(10, 10), every=5, arrivals=3)
    codes = np.sort(arriving.codes(np.array([0, 4, 5, 14, 15, 999]), derive(2)), axis=1)
    assert codes[:, 0].tolist() == [0, 0, 1, 2, 3, 3]
    assert codes[:, -1].tolist() == [9, 9, 10, 11, 12, 12]


def test_more_candidates_than_items_are_refused() -> None:
    with pytest.raises(BadInputError, match="5 of 3"):
        Sampled(3, 5)
