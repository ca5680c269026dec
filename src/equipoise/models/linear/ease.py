"""Embarrassingly shallow autoencoder (Steck, 2019, "Embarrassingly Shallow Autoencoders for Sparse Data")."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.item_item import DenseItems
from equipoise.models.space import Between, tunable
from equipoise.progress import report
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class EASE:
    """Ridge regression of every item on all others, in closed form, with no item predicting itself."""

    reg: float = tunable(300.0, Between(1.0, 10_000.0, log=True))

    def __post_init__(self) -> None:
        if not self.reg > 0:
            raise BadInputError("reg", f"must be above 0, is {self.reg}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> DenseItems:
        """Solve; memory grows with the square of the number of items. `rng` is not used."""
        report("ease", 0, 1)
        matrix = data.matrix()
        gram = (matrix.T @ matrix).toarray().astype(np.float64)
        gram[np.diag_indices_from(gram)] += self.reg
        inverse = _inverse(gram)
        weights = inverse / -np.diag(inverse)[None, :]
        np.fill_diagonal(weights, 0.0)
        report("ease", 1, 1)
        return DenseItems(weights=np.ascontiguousarray(weights, np.float32))


def _inverse(gram: Floats) -> Floats:
    """Return the inverse of a positive definite matrix, by Cholesky."""
    factor, _ = linalg.cho_factor(gram, lower=True, overwrite_a=True)
    upper, _ = linalg.lapack.dpotri(factor, lower=True, overwrite_c=True)
    triangle = np.tril(upper)
    inverse: Floats = triangle + np.tril(triangle, -1).T
    return inverse
