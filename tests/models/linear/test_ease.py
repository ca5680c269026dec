import numpy as np
import pytest
from tests.models.conftest import Departments, orders

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
