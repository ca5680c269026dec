import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from equipoise.models.learner import TopK

scores = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 4), st.integers(1, 8)),
    elements=st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 2.0]),
)


@given(scores, st.integers(0, 10))
@settings(max_examples=300, deadline=None)
def test_the_best_as_sorting_the_whole_row_gives_them(given_scores: np.ndarray, k: int) -> None:
    best = TopK.of(given_scores, k)
    assert best.items.shape == (len(given_scores), k)
    for row, items, values in zip(given_scores, best.items, best.scores, strict=True):
        expected = np.sort(row)[::-1][:k]
        np.testing.assert_array_equal(values[: len(expected)], expected)
        assert ((items == -1) == np.isneginf(values)).all()
        np.testing.assert_array_equal(row[items[items >= 0]], values[items >= 0])
        assert len(set(items[items >= 0].tolist())) == (items >= 0).sum()


def test_equal_scores_are_in_the_order_of_their_codes() -> None:
    best = TopK.of(np.array([[1.0, 3.0, 1.0, 3.0]]), 4)
    assert best.items.tolist() == [[1, 3, 0, 2]]
    assert best.scores.tolist() == [[3.0, 3.0, 1.0, 1.0]]


def test_no_items() -> None:
    assert TopK.of(np.zeros((2, 0)), 3).items.tolist() == [[-1] * 3] * 2


@pytest.mark.parametrize("k", [0, 1])
def test_small_k(k: int) -> None:
    assert TopK.of(np.array([[1.0, 2.0]]), k).items.tolist() == [[1][:k]]
