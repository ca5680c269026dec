import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.data.histories import PADDING, Histories
from equipoise.errors import BadInputError

rows = st.lists(st.lists(st.integers(-2, 9), max_size=6), max_size=6)


def lists(histories: Histories) -> list[list[int]]:
    return [row.tolist() for row in histories]


@given(rows)
@settings(deadline=None)
def test_rows_come_back(given_rows: list[list[int]]) -> None:
    histories = Histories.of(given_rows)
    assert lists(histories) == given_rows
    assert histories.lengths().tolist() == [len(row) for row in given_rows]
    assert histories.rows().tolist() == [n for n, row in enumerate(given_rows) for _ in row]


@given(rows, st.integers(0, 9))
@settings(deadline=None)
def test_unknown_codes_are_left_out(given_rows: list[list[int]], n_items: int) -> None:
    known = Histories.of(given_rows).known(n_items)
    assert lists(known) == [[item for item in row if 0 <= item < n_items] for row in given_rows]


@given(rows, st.integers(1, 8))
@settings(deadline=None)
def test_padding_is_on_the_left(given_rows: list[list[int]], length: int) -> None:
    padded = Histories.of(given_rows).padded(length)
    expected = [([PADDING] * length + row)[-length:] for row in given_rows]
    assert padded.shape == (len(given_rows), length)
    assert padded.tolist() == expected


@given(rows, st.integers(0, 7), st.integers(0, 7))
@settings(deadline=None)
def test_runs_of_rows(given_rows: list[list[int]], start: int, stop: int) -> None:
    assert lists(Histories.of(given_rows)[start:stop]) == given_rows[start:stop]


def test_one_row_counts_from_either_end() -> None:
    histories = Histories.of([[1], [2, 3]])
    assert histories[-1].tolist() == [2, 3]
    with pytest.raises(IndexError):
        histories[2]


def test_rows_can_be_taken_in_any_order() -> None:
    assert lists(Histories.of([[1], [], [2, 3]]).take(np.array([2, 0, 2]))) == [[2, 3], [1], [2, 3]]


def test_the_matrix_has_ones_and_leaves_the_order_alone() -> None:
    histories = Histories.of([[3, 1, 3], [], [0, 7]])
    found = histories.matrix(4)
    assert found.toarray().tolist() == [[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]]
    assert lists(histories) == [[3, 1, 3], [], [0, 7]]


def test_the_matrix_of_what_ages() -> None:
    found = Histories.of([[3, 1, 3, 9], [], [0, 2]]).matrix(4, decay=0.5)
    assert found.toarray().tolist() == [[0, 0.5, 0, 1], [0, 0, 0, 0], [0.5, 0, 1, 0]]


@pytest.mark.parametrize("offsets", [[], [0], [0, 1], [1, 2], [0, 2, 1, 2], [0, 3]])
def test_offsets_that_do_not_fit_are_refused(offsets: list[int]) -> None:
    with pytest.raises(BadInputError, match="offsets"):
        Histories(np.array([4, 5]), np.array(offsets, np.int64))


@pytest.mark.parametrize("decay", [1.0, 0.5])
@pytest.mark.parametrize("row", [[3, 1, 3, 9], [], [0, 2, 0, 0, 1], [-1, 7]])
def test_distinct_is_the_row_of_the_matrix(row: list[int], decay: float) -> None:
    history = Histories.of([row])
    items, counts = history.distinct(4, decay)
    row_of = history.matrix(4, decay)
    np.testing.assert_array_equal(items, row_of.indices)
    np.testing.assert_array_equal(counts, row_of.data)
    assert counts.dtype == np.float32
