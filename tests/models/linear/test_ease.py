from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models import EASE
from equipoise.random import derive


def test_weights_solve_the_constrained_ridge_regression() -> None:
    """Each column is the ridge regression of that item on all the others, solved one by one."""
    rng = derive(2)
    data = orders([rng.permutation(6)[:3].tolist() for _ in range(40)], 6)
    found = EASE(reg=3.0).fit(data, rng=derive(1)).weights
    x = data.matrix().toarray()
    for item in range(6):
        others = [other for other in range(6) if other != item]
        gram = x[:, others].T @ x[:, others] + 3.0 * np.eye(5)
        expected = np.linalg.solve(gram, x[:, others].T @ x[:, item])
        np.testing.assert_allclose(found[others, item], expected, atol=1e-5)
    assert not np.diag(found).any()


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(EASE(reg=10.0).fit(departments.data, rng=derive(1))) == 1.0


def test_no_ridge_is_refused() -> None:
    with pytest.raises(BadInputError, match="reg: must be above 0"):
        EASE(reg=0.0)


def test_small_ridge_is_solved_in_double_precision() -> None:
    """Items 0 and 1 are always met together, so the matrix is nearly singular."""
    rng = derive(3)
    data = orders([[0, 1, *(2 + rng.permutation(4)[:2]).tolist()] for _ in range(400)], 6)
    x = data.matrix().toarray().astype(np.float64)
    inverse = np.linalg.inv(x.T @ x + 1e-4 * np.eye(6))
    expected = inverse / -np.diag(inverse)
    np.fill_diagonal(expected, 0.0)
    np.testing.assert_allclose(EASE(reg=1e-4).fit(data, rng=rng).weights, expected, rtol=1e-4, atol=1e-5)


def test_decay_and_weights_are_of_the_rows_it_learns_from() -> None:
    data = replace(orders([[0, 1], [1, 0], [1, 2]], 3), weights=np.array([1.0, 2.0, 1.0, 1.0, 3.0, 1.0]))
    x = np.array([[0.5, 2.0, 0.0], [1.0, 0.5, 0.0], [0.0, 1.5, 1.0]])
    inverse = np.linalg.inv(x.T @ x + np.eye(3))
    expected = inverse / -np.diag(inverse)
    np.fill_diagonal(expected, 0.0)
    scorer = EASE(reg=1.0, decay=0.6, fit_decay=0.5, weighted=True).fit(data, rng=derive(1))
    np.testing.assert_allclose(scorer.weights, expected, atol=1e-6)
    assert scorer.decay == 0.6


def test_the_heaviest_of_repeated_interactions_counts() -> None:
    once = replace(orders([[0, 1], [1, 2]], 3), weights=np.array([3.0, 1.0, 1.0, 2.0]))
    again = replace(orders([[0, 0, 1], [1, 2, 2]], 3), weights=np.array([1.0, 3.0, 1.0, 1.0, 2.0, 0.5]))
    learner = EASE(reg=1.0, weighted=True)
    found = [learner.fit(data, rng=derive(1)).weights for data in (once, again)]
    np.testing.assert_array_equal(found[0], found[1])


def test_dropout_is_the_mean_over_hidden_items() -> None:
    """Hiding each item of the input by chance is, in the long run, the ridge that it is solved by."""
    rng = derive(5)
    data = orders([rng.permutation(5)[:3].tolist() for _ in range(30)], 5)
    x, target = np.tile(data.matrix().toarray(), (4000, 1)), np.tile(data.matrix().toarray()[:, 4], 4000)
    seen = x[:, :4] * (rng.random((len(x), 4)) > 0.4) / 0.6
    expected = np.linalg.solve(seen.T @ seen + 4000 * np.eye(4), seen.T @ target)
    found = EASE(reg=1.0, dropout=0.4).fit(data, rng=rng).weights[:4, 4]
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_an_item_without_interactions_is_recommended_by_its_tags() -> None:
    tags = sparse.csr_matrix(np.repeat(np.eye(2), 3, axis=0))
    data = orders([[0, 1], [3, 4]] * 5, 6)
    scorer = EASE(reg=1.0, content=ItemContent(matrix=tags), content_weight=3.0).fit(data, rng=derive(1))
    found = scorer.top(Histories.of([[0, 1], [3, 4]]), 1)
    assert found.items[:, 0].tolist() == [2, 5]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"decay": 0.0}, "decay and fit_decay must be above 0"),
        ({"dropout": 1.0}, "dropout: must be at least 0 and below 1"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        EASE(**settings)  # type: ignore[arg-type]


def test_content_of_another_catalogue_is_refused() -> None:
    content = ItemContent(matrix=sparse.csr_matrix(np.eye(4, dtype=np.float32)))
    with pytest.raises(BadInputError, match="has 4 rows, the data 3 items"):
        EASE(content=content).fit(orders([[0, 1, 2]], 3), rng=derive(1))
