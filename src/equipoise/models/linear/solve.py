"""Positive definite systems as large as the square of the catalogue: solved in place, in float32."""

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from equipoise.errors import BadInputError
from equipoise.types import Floats

BLOCK = 512
WORST_CONDITION = 1e6
"""Above this condition number float32 may lose the second digit, and float64 takes over."""


def gram(rows: sparse.csr_matrix, others: sparse.csr_matrix | None = None) -> Floats:
    """Return `rows`ᵀ `others` (both (n, n_items), `others` being `rows` by default) as dense float32.

    In blocks: the sparse product of a catalogue that everybody browses is larger than the dense one.
    """
    right = rows if others is None else others
    left = rows.T.tocsr()
    dense = np.empty((left.shape[0], right.shape[1]), np.float32)
    for start in range(0, len(dense), BLOCK):
        dense[start : start + BLOCK] = (left[start : start + BLOCK] @ right).toarray()
    return dense


def invert(matrix: Floats, ridge: Floats) -> Floats:
    """Overwrite `matrix` with the inverse of `matrix` + diag(`ridge`), and return it.

    `matrix` (n, n) is C-ordered float32, symmetric, with no eigenvalue below 0; `ridge` (n,) float64 is above
    0. One Cholesky factorisation and its inverse, n³ flops in all, and no second matrix; unless the sum is so
    close to singular that float32 would not do. Then it is inverted in float64, in three times the memory.
    """
    if len(matrix) == 0:
        return matrix
    diagonal = matrix.diagonal() + ridge
    np.fill_diagonal(matrix, diagonal)
    norm = max(np.abs(matrix[at : at + BLOCK]).sum(axis=1).max() for at in range(0, len(matrix), BLOCK))
    # No eigenvalue is below the smallest ridge, nor above the norm.
    if norm > WORST_CONDITION * ridge.min():
        return _invert_precisely(matrix, diagonal)
    # The transpose of a C-ordered symmetric matrix is the Fortran-ordered one that LAPACK takes as it is.
    factor, failed = lapack.spotrf(matrix.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        return _invert_precisely(matrix, diagonal)
    lapack.spotri(factor, lower=1, overwrite_c=1)
    _mirror(matrix)
    return matrix


def _invert_precisely(matrix: Floats, diagonal: Floats) -> Floats:
    # The triangle below the diagonal is still what it was.
    exact = np.tril(matrix, -1).astype(np.float64)
    exact += exact.T
    np.fill_diagonal(exact, diagonal)
    factor, failed = lapack.dpotrf(exact.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        raise BadInputError("reg", "too small to solve with; raise it")
    lapack.dpotri(factor, lower=1, overwrite_c=1)
    _mirror(exact)
    matrix[:] = exact
    return matrix


def _mirror(matrix: Floats) -> None:
    """Copy what is above the diagonal below it."""
    for start in range(0, len(matrix), BLOCK):
        stop = start + BLOCK
        square = matrix[start:stop, start:stop]
        square[:] = np.triu(square) + np.triu(square, 1).T
        matrix[stop:, start:stop] = matrix[start:stop, stop:].T
