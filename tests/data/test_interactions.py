from typing import Any

import numpy as np
import pytest

from equipoise.data.interactions import DAY, Interactions
from equipoise.errors import BadInputError


def made(**changes: Any) -> Interactions:
    columns: dict[str, Any] = {
        "users": np.array([0, 0, 2]),
        "items": np.array([1, 1, 0]),
        "times": np.array([0, 2 * DAY, DAY]),
        "weights": np.ones(3),
        "values": np.array([1.0, 2.0, 3.0]),
        "n_users": 4,
        "n_items": 2,
    }
    return Interactions(**(columns | changes))


def test_histories_keep_repeats_and_users_without_any() -> None:
    assert [row.tolist() for row in made().histories()] == [[1, 1], [], [0], []]


def test_the_matrix_has_ones() -> None:
    assert made().matrix().toarray().tolist() == [[0, 1], [0, 0], [1, 0], [0, 0]]


def test_a_mask_keeps_the_codes() -> None:
    late = made().where(made().times > 0)
    assert (late.users.tolist(), late.values.tolist(), late.n_users) == ([0, 2], [2.0, 3.0], 4)


def test_recency_halves_with_age() -> None:
    assert made().recency(1.0).tolist() == [0.25, 1.0, 0.5]
    assert made().recency(np.inf).tolist() == [1.0, 1.0, 1.0]
    assert made().where(made().times < 0).recency(1.0).shape == (0,)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"items": np.array([1])}, "differ in length"),
        ({"items": np.array([1, 1, 2])}, "outside n_users or n_items"),
        ({"items": np.array([1, 1, -1])}, "outside n_users or n_items"),
        ({"users": np.array([0, 0, 4])}, "outside n_users or n_items"),
        ({"weights": np.array([1.0, np.nan, 1.0])}, "weights and values must be finite"),
        ({"values": np.array([1.0, np.inf, 1.0])}, "weights and values must be finite"),
        ({"users": np.array([2, 0, 0])}, "sorted by user and then by time"),
        ({"times": np.array([2, 1, 0])}, "sorted by user and then by time"),
    ],
)
def test_rows_that_do_not_fit_are_refused(wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(BadInputError, match=what):
        made(**wrong)
