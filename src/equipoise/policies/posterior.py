"""A Gaussian over linear weights (Bishop, 2006, section 3.3), kept as a mean and a root of its covariance."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class LinearPosterior:
    """Weights w ~ N(mean, noise * root @ root.T): `mean` (d,), `root` (d, d) upper triangular."""

    mean: Floats
    root: Floats

    @classmethod
    def solve(cls, precision: Floats, response: Floats) -> "LinearPosterior":
        """Return the posterior whose `precision` (d, d), per noise, times its mean is `response`."""
        lower = np.linalg.cholesky(precision)
        root = solve_triangular(lower, np.eye(len(lower)), lower=True).T
        return cls(root @ (root.T @ response), root)

    def predict(self, features: Floats) -> tuple[Floats, Floats]:
        """Return mean (...) and variance in units of the noise (...) of `features` (..., d)."""
        return features @ self.mean, self.variance(features)

    def variance(self, features: Floats) -> Floats:
        """Return the variance of w . features in units of the noise, (...)."""
        projected = features @ self.root
        squares: Floats = np.einsum("...d,...d->...", projected, projected)
        return squares
