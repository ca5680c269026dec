"""A Gaussian over linear weights, kept in the form in which deviations are cheapest."""

from dataclasses import dataclass

import numpy as np

from equipoise.kernels import summing_kernel
from equipoise.types import Floats

_SMALLEST_PIVOT = 1e-12
"""As a share of the diagonal: where rounding has eaten a direction, it counts as known so well."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Weights w ~ N(mean, root.T @ root): `mean` (d,), `root` (d, d) lower triangular.

    The deviation of w . x is the length of root @ x.
    """

    mean: Floats
    root: Floats

    def predict(self, features: Floats) -> tuple[Floats, Floats]:
        """Return mean and standard deviation (...) of w . x for `features` (..., d)."""
        projected = features @ self.root.T
        squares: Floats = np.einsum("...d,...d->...", projected, projected)
        return features @ self.mean, np.sqrt(squares)

    def draws(self, count: int, scale: float, rng: np.random.Generator) -> Floats:
        """Return `count` draws of the weights, (d, count), with deviations `scale` times as large."""
        return self.mean[:, None] + scale * (self.root.T @ rng.standard_normal((len(self.mean), count)))


def solved(precision: Floats, response: Floats, noise: float) -> Gaussian:
    """Return the Gaussian of mean P^-1 `response` and covariance `noise` * P^-1, with P the `precision`.

    `precision` (d, d) is positive definite, `response` (d,).
    """
    root = inverse_root(precision)
    return Gaussian(root.T @ (root @ response), np.sqrt(noise) * root)


@summing_kernel
def inverse_root(precision: Floats) -> Floats:
    """Return the lower triangular R (d, d) with R.T @ R the inverse of `precision`, by Cholesky.

    For some tens of weights this is several times faster than LAPACK called through Python.
    """
    d = len(precision)
    lower, root = np.zeros((d, d)), np.zeros((d, d))
    for i in range(d):
        for j in range(i + 1):
            rest = precision[i, j]
            for k in range(j):
                rest -= lower[i, k] * lower[j, k]
            if i == j:
                lower[i, i] = np.sqrt(max(rest, _SMALLEST_PIVOT * precision[i, i]))
            else:
                lower[i, j] = rest / lower[j, j]
        for k in range(i):
            for j in range(k + 1):
                root[i, j] -= lower[i, k] * root[k, j]
        for j in range(i):
            root[i, j] /= lower[i, i]
        root[i, i] = 1.0 / lower[i, i]
    return root
