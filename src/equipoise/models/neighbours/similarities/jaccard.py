"""How much of the union is shared (Jaccard, 1901; of ratings that are 0 or 1 also called Tanimoto)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from equipoise.models.neighbours.similarities.vectors import Vectors, squares


@dataclass(frozen=True, slots=True, kw_only=True)
class Jaccard:
    """s = c / (n_i + n_j - c)."""

    of_ratings: ClassVar[bool] = False

    def learn(self, things: sparse.csr_matrix) -> "Jaccard":
        """Return itself: nothing needs to be known of the others."""
        return self

    def vectors(self, things: sparse.csr_matrix) -> Vectors:
        """Return the rows as they are."""
        sizes = squares(things).astype(np.float32)
        return Vectors(matrix=things, from_sizes=sizes, to_sizes=sizes, union=True)
