import numpy as np
import pytest

from equipoise.models import dense
from equipoise.models.cosines import nearest, unit_rows
from equipoise.random import derive


def test_nearest_by_hand() -> None:
    unit = unit_rows(np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 3.0], [-1.0, 0.0]]))
    found = nearest(unit, np.array([0, 2]), 2)
    assert found.items.tolist() == [[1, 2], [1, 0]]
    np.testing.assert_allclose(found.scores[0], [0.5**0.5, 0.0], atol=1e-6)


def test_codes_out_of_range_have_none() -> None:
    found = nearest(unit_rows(np.eye(3)), np.array([-1, 3, 1]), 2)
    assert found.items[:2].tolist() == [[-1, -1], [-1, -1]]
    assert set(found.items[2].tolist()) == {0, 2}


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    unit, items = unit_rows(derive(1).normal(size=(50, 4))), np.arange(50)
    whole = nearest(unit, items, 5)
    monkeypatch.setattr(dense, "BLOCK_CELLS", 150)
    np.testing.assert_array_equal(nearest(unit, items, 5).items, whole.items)


def test_a_row_of_zeros_stays_so() -> None:
    np.testing.assert_allclose(unit_rows(np.array([[0.0, 0.0], [3.0, 4.0]])), [[0.0, 0.0], [0.6, 0.8]])
