"""Folding a history in by adding up a vector of each of its items."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SumOfItems:
    """A query is the sum of the `vectors` (n_items, d) of a history, over its weight ** `exponent`.

    With `biased` a query ends in one more term, 1, which meets what an item adds to everybody's score.
    """

    vectors: Floats
    exponent: float = 0.0
    biased: bool = False

    def queries(self, met: sparse.csr_matrix, items: Floats) -> Floats:
        """Return the sum for each row of `met` (n, n_items), (n, d) or (n, d + 1)."""
        total = np.maximum(np.asarray(met.sum(axis=1)).ravel(), 1e-9)
        sums = np.asarray((met @ self.vectors) * (total**-self.exponent)[:, None], np.float32)
        return np.pad(sums, ((0, 0), (0, 1)), constant_values=1.0) if self.biased else sums

    def shares(self, met: Ints, weights: Floats, items: Floats, item: int) -> Floats:
        """Return what each of `met` (m,) adds to the score of `item` for each unit of its `weights`, (m,)."""
        target = items[item][: self.vectors.shape[1]]
        total = float(weights.sum())
        return np.asarray(self.vectors[met] @ target * total**-self.exponent)
