"""The angle between two rows (Sarwar et al., 2001, "Item-based collaborative filtering", equation 1)."""

from dataclasses import dataclass
from typing import ClassVar

from scipy import sparse

from equipoise.models.neighbours.similarities.vectors import Vectors, by_length


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosine:
    """s = c / sqrt(n_i n_j): of n_i and n_j who met either, c met both."""

    of_ratings: ClassVar[bool] = False

    def learn(self, things: sparse.csr_matrix) -> "Cosine":
        """Return itself: nothing needs to be known of the others."""
        return self

    def vectors(self, things: sparse.csr_matrix) -> Vectors:
        """Return the rows as they are."""
        return by_length(things)
