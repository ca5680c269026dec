import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.errors import BadInputError
from equipoise.models import RP3Beta
from equipoise.random import derive

SHOP = orders([[0, 1], [1, 0], [1, 2]], 3)


def test_walks_worked_out_by_hand() -> None:
    """From item 0 half the walks end at 1; from 1 a third at 0 and a sixth at 2; from 2 half at 1."""
    table = RP3Beta(alpha=1.0, beta=0.0).fit(SHOP, rng=derive(1)).weights.toarray()
    np.testing.assert_allclose(table, [[0, 1 / 2, 0], [1 / 3, 0, 1 / 6], [0, 1 / 2, 0]], rtol=1e-6)


def test_beta_divides_by_how_much_an_item_is_met() -> None:
    table = RP3Beta(alpha=1.0, beta=1.0).fit(SHOP, rng=derive(1)).weights.toarray()
    np.testing.assert_allclose(table, [[0, 1 / 6, 0], [1 / 6, 0, 1 / 6], [0, 1 / 6, 0]], rtol=1e-6)


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(RP3Beta().fit(departments.data, rng=derive(1))) == 1.0


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(BadInputError, match="alpha and beta at least 0"):
        RP3Beta(beta=-1.0)
    with pytest.raises(BadInputError, match="decay: must be above 0"):
        RP3Beta(decay=0.0)
