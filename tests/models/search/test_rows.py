import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from equipoise.data.histories import Histories
from equipoise.models.search.rows import best_of_rows
from equipoise.random import derive

tables = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 3), st.integers(1, 150)),
    elements=st.sampled_from([-np.inf, -2.0, -1e-40, -0.0, 0.0, 1e-40, 0.5, 3e38, np.inf, np.nan]),
)


def expected(row: np.ndarray, k: int, seen: list[int]) -> list[int]:
    allowed = [code for code, score in enumerate(row.tolist()) if score > -np.inf and code not in seen]
    return sorted(allowed, key=lambda code: (-float(row[code]), code))[:k]


@given(tables, st.integers(0, 90), st.lists(st.integers(-1, 160), max_size=20))
@settings(max_examples=300, deadline=None)
def test_the_best_in_the_order_of_scores_and_codes(scores: np.ndarray, k: int, seen: list[int]) -> None:
    items, values = best_of_rows(scores, k, left_out=Histories.of([seen] * len(scores)))
    assert items.shape == values.shape == (len(scores), k)
    for row, codes, found in zip(scores, items.tolist(), values, strict=True):
        wanted = expected(row, k, seen)
        assert codes == wanted + [-1] * (k - len(wanted))
        np.testing.assert_array_equal(found[: len(wanted)], row[wanted])
        assert np.isneginf(found[len(wanted) :]).all()


@given(tables, st.integers(1, 90), st.integers(0, 2**64 - 1))
@settings(max_examples=200, deadline=None)
def test_a_drawn_order_changes_only_the_order_of_equals(scores: np.ndarray, k: int, seed: int) -> None:
    seeds = np.full(len(scores), seed, np.uint64)
    plain, drawn = best_of_rows(scores, k), best_of_rows(scores, k, seeds=seeds)
    np.testing.assert_array_equal(plain[1], drawn[1])
    for row, codes, values in zip(scores, drawn[0], drawn[1], strict=True):
        codes, values = codes[codes >= 0], values[codes >= 0]
        assert len(set(codes.tolist())) == len(codes)
        np.testing.assert_array_equal(row[codes], values)


@pytest.mark.parametrize("m", [3, 64, 200])
def test_every_equal_code_is_first_equally_often(m: int) -> None:
    draws = 6000
    items, _ = best_of_rows(
        np.zeros((draws, m), np.float32), 1, seeds=derive(1).integers(0, 2**64, draws, np.uint64)
    )
    times = np.bincount(items[:, 0], minlength=m)
    # Chi squared has mean m - 1 and variance 2 (m - 1).
    assert ((times - draws / m) ** 2 / (draws / m)).sum() < m - 1 + 5 * (2 * (m - 1)) ** 0.5


def test_every_order_of_three_equals_is_drawn_equally_often() -> None:
    draws = 6000
    items, _ = best_of_rows(
        np.ones((draws, 3), np.float32), 3, seeds=derive(2).integers(0, 2**64, draws, np.uint64)
    )
    _, times = np.unique(items, axis=0, return_counts=True)
    assert len(times) == 6
    assert abs(times / draws - 1 / 6).max() < 4 * (1 / 6 * 5 / 6 / draws) ** 0.5


@pytest.mark.parametrize("order", [1, -1])
def test_long_rows_in_either_order(order: int) -> None:
    scores = np.arange(10_000, dtype=np.float32)[None, ::order]
    items, values = best_of_rows(scores, 100)
    assert values[0].tolist() == list(range(9_999, 9_899, -1))
    np.testing.assert_array_equal(scores[0, items[0]], values[0])


def test_nothing_to_rank() -> None:
    assert best_of_rows(np.zeros((2, 0), np.float32), 3)[0].tolist() == [[-1] * 3] * 2
    assert best_of_rows(np.zeros((0, 4), np.float32), 3)[0].shape == (0, 3)
