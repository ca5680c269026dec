import numpy as np
import pytest
from scipy import sparse
from tests.models.conftest import orders

from equipoise.models.neural import spectral
from equipoise.models.neural.spectral import item_vectors
from equipoise.random import derive

N_ITEMS = 30


@pytest.fixture(scope="module")
def matrix() -> sparse.csr_matrix:
    """Three departments of ten items; every user also buys one item from anywhere."""
    rng = derive(4)
    rows = [[*(10 * (user % 3) + rng.permutation(10)[:6]), rng.integers(N_ITEMS)] for user in range(120)]
    return orders(rows, N_ITEMS).matrix()


@pytest.mark.parametrize("dense_below", [0, 200])
def test_items_of_a_department_point_the_same_way(
    matrix: sparse.csr_matrix, monkeypatch: pytest.MonkeyPatch, dense_below: int
) -> None:
    monkeypatch.setattr(spectral, "DENSE_BELOW", dense_below)
    vectors = item_vectors(matrix, 2, derive(1))
    likeness = vectors @ vectors.T
    same = np.arange(N_ITEMS)[:, None] // 10 == np.arange(N_ITEMS) // 10
    assert likeness[same].min() > 0.5
    assert likeness[~same].max() < 0.3


def test_vectors_have_unit_length_even_of_items_nobody_met(matrix: sparse.csr_matrix) -> None:
    without = matrix.tolil()
    without[:, 3] = 0
    vectors = item_vectors(without.tocsr(), 64, derive(1))
    assert vectors.shape == (N_ITEMS, 64)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_same_generator_same_bits(matrix: sparse.csr_matrix) -> None:
    one, two = (item_vectors(matrix, 4, derive(1)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
