"""Item vectors by truncated SVD of the normalised user-item matrix (PureSVD, Cremonesi et al., 2010).

They are where a network that is given few epochs starts: from random vectors it needs many times those.
"""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from equipoise.types import Floats

DENSE_BELOW = 200


def item_vectors(matrix: sparse.csr_matrix, size: int, rng: np.random.Generator) -> Floats:
    """Return vectors of unit length, (n_items, size) float32; items nobody met get random ones."""
    per_user = _inverse_root(np.asarray(matrix.sum(axis=1)).ravel())
    per_item = _inverse_root(np.asarray(matrix.sum(axis=0)).ravel())
    normalised = sparse.diags(per_user) @ matrix @ sparse.diags(per_item)
    strengths, directions = _leading(normalised.astype(np.float64), size + 1, rng)
    # The first direction is popularity itself, which the item biases already hold.
    factors = (directions[1:] * np.sqrt(strengths[1:, None])).T * per_item[:, None]
    vectors = np.zeros((matrix.shape[1], size))
    vectors[:, : factors.shape[1]] = _unit(factors)
    return _unit(vectors + rng.normal(0.0, 0.1 / size**0.5, vectors.shape)).astype(np.float32)


def random_vectors(matrix: sparse.csr_matrix, size: int, rng: np.random.Generator) -> Floats:
    """Return vectors of a length of about 0.16 in random directions, (n_items, size) float32."""
    return rng.normal(0.0, 0.16 / size**0.5, (matrix.shape[1], size)).astype(np.float32)


def _leading(matrix: sparse.csr_matrix, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the `n` largest singular values and right singular vectors, largest first."""
    if min(matrix.shape) <= max(DENSE_BELOW, n):
        _, strengths, directions = np.linalg.svd(matrix.toarray(), full_matrices=False)
        return strengths[:n], directions[:n]
    _, strengths, directions = svds(matrix, k=n, v0=rng.normal(size=min(matrix.shape)))
    order = np.argsort(-strengths)
    return strengths[order], directions[order]


def _inverse_root(sums: Floats) -> Floats:
    return np.asarray(np.where(sums > 0, 1.0, 0.0) / np.sqrt(np.maximum(sums, 1.0)))


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1.0))
