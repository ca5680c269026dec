import numpy as np
import pytest
from scipy import sparse
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models import SLIST
from equipoise.models.linear.cuts import cuts
from equipoise.random import derive


def test_a_history_is_cut_after_each_item_but_the_last() -> None:
    before, after = cuts(Histories.of([[1, 2, 3, 4], [], [5], [6, 7]]), 2, 2)
    assert [row.tolist() for row in before] == [[1], [1, 2], [2, 3], [6]]
    assert [row.tolist() for row in after] == [[3, 2], [4, 3], [4], [7]]


def test_weights_are_the_ridge_regression_of_what_comes_next() -> None:
    rng = derive(2)
    data = orders([rng.permutation(5)[:4].tolist() for _ in range(30)], 5)
    found = (
        SLIST(reg=2.0, decay=0.5, target_decay=0.0, consistency=0.0, repeats=True, n_neighbors=None)
        .fit(data, rng=rng)
        .weights
    )
    before, after = cuts(data.histories(), 50, 1)
    x = before.matrix(5, 0.5).toarray()
    y = np.eye(5)[[row[-1] for row in after]]
    np.testing.assert_allclose(found, np.linalg.solve(x.T @ x + 2 * np.eye(5), x.T @ y), atol=1e-5)


def test_without_repeats_each_item_is_regressed_on_the_others() -> None:
    rng = derive(2)
    data = orders([rng.integers(0, 5, 6).tolist() for _ in range(30)], 5)
    learner = SLIST(reg=2.0, consistency=0.3, n_neighbors=None)
    found = learner.fit(data, rng=rng).weights
    x, y = (side.toarray() for side in learner.sides(data))
    for item in range(5):
        others = [other for other in range(5) if other != item]
        expected = np.linalg.solve(x[:, others].T @ x[:, others] + 2 * np.eye(4), x[:, others].T @ y[:, item])
        np.testing.assert_allclose(found[others, item], expected, atol=1e-5)
    assert not np.diag(found).any()


@pytest.mark.parametrize("repeats", [False, True])
def test_neighbours_enough_give_what_all_items_give(repeats: bool) -> None:
    rng = derive(2)
    data = orders([rng.integers(0, 8, 6).tolist() for _ in range(60)], 8)
    some, all_items = (SLIST(reg=5.0, repeats=repeats, n_neighbors=n).fit(data, rng=rng) for n in (8, None))
    asked = Histories.of([[item] for item in range(8)])
    np.testing.assert_allclose(some.score(asked), all_items.score(asked), atol=2e-3)


def test_finds_the_planted_order() -> None:
    """Everyone walks a ring of 12 items from a place of their own."""
    rng = derive(7)
    data = orders([((start + np.arange(5)) % 12).tolist() for start in rng.integers(0, 12, 200)], 12)
    scorer = SLIST(reg=1.0, consistency=0.1).fit(data, rng=rng)
    found = scorer.top(Histories.of([[place, (place + 1) % 12] for place in range(12)]), 1)
    np.testing.assert_array_equal(found.items[:, 0], (np.arange(12) + 2) % 12)


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(SLIST(consistency=0.5).fit(departments.data, rng=derive(1))) == 1.0


def test_repeats_are_recommended_where_they_are_the_habit() -> None:
    data = orders([[item, item, item] for item in range(6)] * 5, 6)
    asked = Histories.of([[item] for item in range(6)])
    scorer = SLIST(reg=1.0, repeats=True).fit(data, rng=derive(1))
    np.testing.assert_array_equal(scorer.top(asked, 1, exclude_seen=False).items[:, 0], np.arange(6))


def test_an_item_without_interactions_is_recommended_by_its_tags() -> None:
    tags = sparse.csr_matrix(np.repeat(np.eye(2), 3, axis=0))
    data = orders([[0, 1], [3, 4]] * 5, 6)
    scorer = SLIST(reg=1.0, content=ItemContent(matrix=tags), content_weight=3.0).fit(data, rng=derive(1))
    assert scorer.top(Histories.of([[0, 1], [3, 4]]), 1).items[:, 0].tolist() == [2, 5]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"reg": 0.0}, "reg: must be above 0"),
        ({"target_decay": 1.5}, "both at most 1"),
        ({"n_neighbors": 0}, "n_neighbors: must be at least 1, or None for all"),
        ({"window": 0}, "window: must be at least 1"),
        ({"consistency": 2.0}, "consistency: must be from 0 to 1"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        SLIST(**settings)  # type: ignore[arg-type]
