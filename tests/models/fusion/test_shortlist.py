import numpy as np
from tests.models.conftest import Departments

from equipoise.data.histories import Histories
from equipoise.models import EASE, Popularity
from equipoise.models.fusion.shortlist import chosen, padded, shortlist
from equipoise.random import derive

ONE = np.array([[2.0, 1.0, -1.0, -2.0]], np.float32)
TWO = np.array([[-1.0, 1.0, 2.0, -2.0]], np.float32)


def test_the_best_of_each_with_scores_and_ranks() -> None:
    lists = chosen([ONE, TWO], Histories.of([[]]), 2, repeats=False)
    assert lists.items[0].tolist() == [0, 1, 2]
    assert lists.scores.tolist() == [[2, -1], [1, 1], [-1, 2]]
    assert lists.ranks.tolist() == [[1, 3], [2, 2], [3, 1]]


def test_what_was_met_is_listed_only_where_repeats_are_asked_for() -> None:
    met = Histories.of([[1]])
    assert chosen([ONE, TWO], met, 2, repeats=False).items[0].tolist() == [0, 2]
    assert chosen([ONE, TWO], met, 2, repeats=True).items[0].tolist() == [0, 1, 2]


def test_what_a_model_does_not_tell_apart_it_does_not_propose() -> None:
    flat = np.zeros((1, 4), np.float32)
    assert len(chosen([flat], Histories.of([[]]), 2, repeats=False).items[0]) == 0


def test_lists_in_blocks_are_those_of_one_after_another(departments: Departments) -> None:
    scorers = {"e": EASE(reg=10.0).fit(departments.data, rng=derive(1))}
    scorers["p"] = Popularity().fit(departments.data, rng=derive(1))  # type: ignore[assignment]
    histories = Histories.of([[1, 2], [], [14]])
    whole = shortlist(scorers, histories, 4)
    for row in range(3):
        alone = shortlist(scorers, histories[row : row + 1], 4)
        np.testing.assert_array_equal(alone.items.items, whole.items[row])
        np.testing.assert_allclose(alone.scores, whole.take(np.array([row])).scores, atol=1e-5)


def test_wanted_are_the_targets_of_the_same_row() -> None:
    lists = chosen([np.tile(ONE, (2, 1))], Histories.of([[], []]), 2, repeats=False)
    assert lists.wanted(Histories.of([[1], [0, 3]])).tolist() == [False, True, True, False]


def test_no_histories_no_lists() -> None:
    data = EASE(reg=10.0).fit(Departments().data, rng=derive(1))
    assert len(shortlist({"e": data}, Histories.of([]), 4)) == 0


def test_padding() -> None:
    rows = padded(np.array([1.0, 2.0, 3.0]), Histories.of([[5], [], [6, 7]]), -9)
    assert rows.tolist() == [[1, -9], [-9, -9], [2, 3]]
