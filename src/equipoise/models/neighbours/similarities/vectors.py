"""What a similarity makes of things that are to be compared, and what it must be able to do."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from scipy import sparse

from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """n things as rows of `matrix` (n, n_features) CSR, and what to divide their products by.

    The similarity of i to j is their dot product divided by `from_sizes[i] * to_sizes[j]`, (n,) each, or,
    where `union`, by `from_sizes[i] + to_sizes[j]` less the dot product.
    """

    matrix: sparse.csr_matrix
    from_sizes: Floats
    to_sizes: Floats
    union: bool = False


class Measure(Protocol):
    """A similarity that knows the statistics it needs, so that it can also compare newcomers."""

    def vectors(self, things: sparse.csr_matrix) -> Vectors:
        """Return the rows of `things` (n, n_features), ready to be compared."""
        ...


class Similarity(Protocol):
    """How alike two rows of a matrix are; settings only."""

    of_ratings: ClassVar[bool]
    """Whether the cells must be ratings; where not, a cell is 1 where the two met."""

    def learn(self, things: sparse.csr_matrix) -> Measure:
        """Return the measure whose statistics are those of `things` (n, n_features)."""
        ...


def with_data(matrix: sparse.csr_matrix, data: Floats) -> sparse.csr_matrix:
    """Return a matrix with the places of `matrix` and the values `data` (nnz,), as float32."""
    parts = (np.asarray(data, np.float32), matrix.indices, matrix.indptr)
    return sparse.csr_matrix(parts, shape=matrix.shape)


def rows_of(matrix: sparse.csr_matrix) -> Ints:
    """Return the row of each value of `matrix`, (nnz,)."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def squares(matrix: sparse.csr_matrix) -> Floats:
    """Return the sum of the squares of each row, (n,)."""
    data = matrix.data.astype(np.float64)
    return np.asarray(np.bincount(rows_of(matrix), data**2, matrix.shape[0]), np.float64)


def by_length(matrix: sparse.csr_matrix) -> Vectors:
    """Return vectors whose similarity is the cosine of the rows of `matrix`."""
    sizes = np.sqrt(squares(matrix)).astype(np.float32)
    return Vectors(matrix=matrix, from_sizes=sizes, to_sizes=sizes)


def rarity(things: sparse.csr_matrix) -> Floats:
    """Return log(n / (1 + n_f)) for each feature, at least 0: n things, of which n_f have the feature."""
    n, n_features = things.shape
    met = np.bincount(things.indices, minlength=n_features)
    return np.asarray(np.maximum(np.log(max(n, 1) / (1 + met)), 0.0))
