"""Asymmetric cosine (Aiolli, 2013, "Efficient top-N recommendation for very large scale binary data")."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from equipoise.errors import BadInputError
from equipoise.models.neighbours.similarities.vectors import Vectors, squares


@dataclass(frozen=True, slots=True, kw_only=True)
class AsymmetricCosine:
    """s(i to j) = c / (n_i^alpha n_j^(1 - alpha)).

    1 is the chance of j for those who met i, which favours what sells; 0.5 is the cosine.
    """

    of_ratings: ClassVar[bool] = False
    alpha: float = 0.4

    def __post_init__(self) -> None:
        if not 0 <= self.alpha <= 1:
            raise BadInputError("alpha", f"must be from 0 to 1, is {self.alpha}")

    def learn(self, things: sparse.csr_matrix) -> "AsymmetricCosine":
        """Return itself: nothing needs to be known of the others."""
        return self

    def vectors(self, things: sparse.csr_matrix) -> Vectors:
        """Return the rows as they are, with two sizes each."""
        lengths = squares(things)
        return Vectors(
            matrix=things,
            from_sizes=(lengths**self.alpha).astype(np.float32),
            to_sizes=(lengths ** (1 - self.alpha)).astype(np.float32),
        )
