import numpy as np
import pytest
from tests.models.conftest import Departments

from equipoise.models.neural import spectral
from equipoise.models.neural.spectral import item_vectors
from equipoise.random import derive


@pytest.mark.parametrize("dense_below", [0, 200])
def test_items_of_a_department_point_the_same_way(
    departments: Departments, monkeypatch: pytest.MonkeyPatch, dense_below: int
) -> None:
    monkeypatch.setattr(spectral, "DENSE_BELOW", dense_below)
    vectors = item_vectors(departments.data.matrix(), 2, derive(1))
    likeness = vectors @ vectors.T
    same = np.arange(30)[:, None] // 10 == np.arange(30) // 10
    assert likeness[same].mean() > 0.8
    assert likeness[~same].mean() < 0.1


def test_vectors_have_unit_length_even_of_items_nobody_met(departments: Departments) -> None:
    matrix = departments.data.matrix().tolil()
    matrix[:, 3] = 0
    vectors = item_vectors(matrix.tocsr(), 64, derive(1))
    assert vectors.shape == (30, 64)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_same_generator_same_bits(departments: Departments) -> None:
    one, two = (item_vectors(departments.data.matrix(), 4, derive(1)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
