"""BM25 (Robertson et al., 1994, "Okapi at TREC-3"), of rows instead of documents."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from equipoise.errors import BadInputError
from equipoise.models.neighbours.similarities.vectors import Vectors, rarity, rows_of, with_data
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BM25:
    """A dot product; a cell x of feature f becomes idf_f x (k1 + 1) / (x + k1 (1 - b + b n_i / mean n)).

    `b` is how much a long row is held against it, `k1` how slowly repeats stop counting. There is nothing
    to divide by, so that shrinkage changes no order.
    """

    of_ratings: ClassVar[bool] = False
    k1: float = 100.0
    b: float = 0.5

    def __post_init__(self) -> None:
        if not (self.k1 >= 0 and 0 <= self.b <= 1):
            raise BadInputError("bm25", "k1 must be at least 0 and b from 0 to 1")

    def learn(self, things: sparse.csr_matrix) -> "BM25Measure":
        """Count how many of `things` have each feature, and how long they are."""
        mean = float(things.sum() / max(things.shape[0], 1))
        return BM25Measure(
            idf=rarity(things).astype(np.float32), length=max(mean, 1e-9), k1=self.k1, b=self.b
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BM25Measure:
    """`idf` (n_features,), the mean `length` of a row, and the settings."""

    idf: Floats
    length: float
    k1: float
    b: float

    def vectors(self, things: sparse.csr_matrix) -> Vectors:
        """Return the weighed rows."""
        lengths = np.asarray(things.sum(axis=1)).ravel()
        slow = self.k1 * (1 - self.b + self.b * lengths / self.length)[rows_of(things)]
        weighed = self.idf[things.indices] * things.data * (self.k1 + 1) / (things.data + slow)
        ones = np.ones(things.shape[0], np.float32)
        return Vectors(matrix=with_data(things, weighed), from_sizes=ones, to_sizes=ones)
