"""Cosine in which rare features count for more (Salton & Buckley, 1988, "Term-weighting approaches")."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from equipoise.models.neighbours.similarities.vectors import Vectors, by_length, rarity, with_data
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class TFIDF:
    """A cell x of feature f becomes sqrt(x) log(n / (1 + n_f)): who meets everything says little."""

    of_ratings: ClassVar[bool] = False

    def learn(self, things: sparse.csr_matrix) -> "WeighedFeatures":
        """Count how many of `things` have each feature."""
        return WeighedFeatures(weights=rarity(things).astype(np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedFeatures:
    """`weights` (n_features,), what a cell of each feature counts."""

    weights: Floats

    def vectors(self, things: sparse.csr_matrix) -> Vectors:
        """Return the weighed rows."""
        return by_length(with_data(things, np.sqrt(things.data) * self.weights[things.indices]))
