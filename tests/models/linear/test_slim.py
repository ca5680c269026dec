import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.errors import BadInputError
from equipoise.models import EASE, SLIM
from equipoise.random import derive


def test_without_l1_on_all_items_it_is_ease() -> None:
    rng = derive(2)
    data = orders([rng.permutation(8)[:3].tolist() for _ in range(60)], 8)
    found = SLIM(l1=0.0, l2=3.0, n_neighbors=8, non_negative=False).fit(data, rng=rng).weights
    np.testing.assert_allclose(found.toarray(), EASE(reg=3.0).fit(data, rng=rng).weights, atol=2e-3)


def test_weights_are_where_the_elastic_net_has_no_slope() -> None:
    """The conditions of Karush, Kuhn and Tucker, column by column."""
    rng = derive(3)
    data = orders([rng.permutation(10)[:4].tolist() for _ in range(80)], 10)
    weights = SLIM(l1=2.0, l2=1.0, n_neighbors=10).fit(data, rng=rng).weights.toarray()
    gram = data.matrix().toarray().T @ data.matrix().toarray()
    slope = gram @ weights - gram + 1.0 * weights + 2.0
    others = ~np.eye(10, dtype=bool)
    np.testing.assert_allclose(slope[others & (weights > 0)], 0.0, atol=0.05)
    assert (slope[others & (weights == 0)] > -0.05).all()
    assert (weights >= 0).all()
    assert not np.diag(weights).any()


def test_keeps_the_neighbours_that_say_most() -> None:
    """Item 2 is met with item 0 three times and with item 1 once; both are equally popular."""
    data = orders([[0, 2], [0, 2], [0, 2], [1, 2], [1, 3], [1, 3]], 4)
    weights = SLIM(l1=0.0, l2=1.0, n_neighbors=1).fit(data, rng=derive(1)).weights.toarray()
    assert np.flatnonzero(weights[:, 2]).tolist() == [0]
    np.testing.assert_allclose(weights[0, 2], 3 / (3 + 1))


def test_more_l1_fewer_weights(departments: Departments) -> None:
    few, many = (SLIM(l1=l1, l2=1.0).fit(departments.data, rng=derive(1)).weights.nnz for l1 in (8.0, 0.1))
    assert 0 < few < many


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(SLIM(l2=10.0).fit(departments.data, rng=derive(1))) == 1.0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"l1": -1.0}, "l1 must be at least 0 and l2 above 0"),
        ({"l2": 0.0}, "l1 must be at least 0 and l2 above 0"),
        ({"n_neighbors": 0}, "n_neighbors: must be at least 1"),
        ({"decay": 1.1}, "decay and fit_decay must be above 0 and at most 1"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        SLIM(**settings)  # type: ignore[arg-type]
