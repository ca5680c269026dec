import numpy as np
from scipy import sparse

from equipoise.models.neighbours.spectrum import leading
from equipoise.random import derive


def test_the_leading_vectors_are_those_of_lapack() -> None:
    rng = derive(2)
    shape = rng.normal(size=(120, 6)) @ np.diag(2.0 ** -np.arange(6)) @ rng.normal(size=(6, 80))
    matrix = sparse.csr_matrix(shape, dtype=np.float32)
    values, vectors = leading(matrix, 4, derive(1))
    exact, basis = np.linalg.eigh(shape.T @ shape)
    np.testing.assert_allclose(values, exact[::-1][:4], rtol=1e-4)
    np.testing.assert_allclose(np.abs(np.sum(vectors * basis[:, ::-1][:, :4], axis=0)), 1, rtol=1e-3)


def test_no_more_than_the_matrix_has() -> None:
    values, vectors = leading(sparse.csr_matrix((3, 5), dtype=np.float32), 8, derive(1))
    assert values.tolist() == [0, 0, 0]
    assert vectors.shape == (5, 3)
