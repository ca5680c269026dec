"""Cosine of ratings less the mean of whoever gave them (Sarwar et al., 2001, equation 3)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from equipoise.models.neighbours.similarities.vectors import Vectors, by_length, with_data
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedCosine:
    """Takes from each rating the mean of its feature, so that a strict user and a kind one are alike.

    Lengths are of whole rows, not of the shared part only: few shared ratings then make no strong tie.
    """

    of_ratings: ClassVar[bool] = True

    def learn(self, things: sparse.csr_matrix) -> "FeatureMeans":
        """Average each feature."""
        counts = np.bincount(things.indices, minlength=things.shape[1])
        sums = np.bincount(things.indices, things.data, things.shape[1])
        return FeatureMeans(means=sums / np.maximum(counts, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureMeans:
    """`means` (n_features,), the mean of each feature over those that have it."""

    means: Floats

    def vectors(self, things: sparse.csr_matrix) -> Vectors:
        """Return the centred rows."""
        return by_length(with_data(things, things.data - self.means[things.indices]))
