"""Folding a history in by the least squares problem of implicit ALS (Hu, Koren and Volinsky, 2008)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.models.factors.problem import Problem
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """How much all that was not met weighs, and how much the length of a vector costs (Rendle et al., 2022).

    A row pays `reg` (w + `unobserved` m) ** `exponent`, w being what it met, weighed, and m how many there
    are to meet. With exponent 1 a vector pays for each of its terms; with 0 all pay alike.
    """

    unobserved: float
    reg: float
    exponent: float

    def costs(self, met: Floats, m: int) -> Floats:
        """Return what rows pay that met so much, (n,)."""
        return np.asarray(self.reg * (met + self.unobserved * m) ** self.exponent, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastSquares:
    """Folds a history in exactly, as users are fitted.

    `spectrum` (d,) is the diagonal of the items' Gram matrix, times what all that was not met weighs.
    """

    spectrum: Floats
    ridge: Ridge

    def queries(self, met: sparse.csr_matrix, items: Floats) -> Floats:
        """Return the solution for each row of `met` (n, n_items), (n, d)."""
        costs = self.ridge.costs(np.asarray(met.sum(axis=1)).ravel(), len(items))
        return Problem.of(met, items, self.spectrum, costs).exactly()

    def shares(self, met: Ints, weights: Floats, items: Floats, item: int) -> Floats:
        """Return y_i' A^-1 y_j for each j of `met` (m,), A being the user's system (section 5).

        That is what each adds to the score of `item` for each unit of its `weights` (m,).
        """
        vectors = items[met].astype(np.float64)
        cost = self.ridge.costs(weights.sum(), len(items))
        system = (vectors.T * weights) @ vectors + np.diag(self.spectrum + cost)
        return np.asarray(vectors @ np.linalg.solve(system, items[item].astype(np.float64)))
