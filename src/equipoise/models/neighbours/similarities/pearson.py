"""Correlation of ratings (Resnick et al., 1994, "GroupLens"; of items, Sarwar et al., 2001, equation 2)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from equipoise.models.neighbours.similarities.vectors import Vectors, by_length, rows_of, with_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Pearson:
    """Takes from each rating the mean of its row.

    Means and lengths are of whole rows, not of the shared part only: few shared ratings then make no
    strong tie.
    """

    of_ratings: ClassVar[bool] = True

    def learn(self, things: sparse.csr_matrix) -> "Pearson":
        """Return itself: nothing needs to be known of the others."""
        return self

    def vectors(self, things: sparse.csr_matrix) -> Vectors:
        """Return the centred rows."""
        rows = rows_of(things)
        counts = np.maximum(np.diff(things.indptr), 1)
        means = np.bincount(rows, things.data, things.shape[0]) / counts
        return by_length(with_data(things, things.data - means[rows]))
