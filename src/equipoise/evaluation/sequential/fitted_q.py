"""Fitted Q evaluation (Le, Voloshin and Yue, 2019): the value of a policy by regression on its own targets.

The regressor is a ridge on given features of (state, slate), each round solved exactly, so that the rounds
converge to LSTD's solution (Bradtke and Barto, 1996) where they converge.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedQ:
    """Q(s, slate) = features times `weights` (d,)."""

    weights: Floats

    @classmethod
    def fit(
        cls,
        shown: Floats,
        rewards: Floats,
        following: Floats,
        done: Ints,
        *,
        discount: float,
        rounds: int = 300,
        reg: float = 1.0,
    ) -> Self:
        """Fit on n steps: features `shown` (n, d) of what the log shows, `following` (n, d) of what the
        target would show next; `rewards` (n,) and `done` (n,), 1 where the episode ended.
        """
        if shown.shape != following.shape or len(rewards) != len(shown):
            raise BadInputError("following", "must have the features of `shown`, one row a step")
        factor = cho_factor(shown.T @ shown + reg * np.eye(shown.shape[1]))
        earned = cho_solve(factor, shown.T @ rewards)
        ahead = cho_solve(factor, shown.T @ (discount * (1 - done)[:, None] * following))
        weights = np.zeros(shown.shape[1])
        for _ in range(rounds):
            weights = earned + ahead @ weights
        if not np.isfinite(weights).all():
            raise BadInputError("fitted_q", "does not converge; take a larger reg, or fewer features")
        return cls(weights=weights)

    def values(self, features: Floats) -> Floats:
        """Return the value of `features` (n, d), (n,)."""
        return np.asarray(features @ self.weights)


def slate_features(features: Floats, places: Ints) -> Floats:
    """Return the mean of the features of what is at `places` (n, k) of `features` (n, m, d), and products.

    These are the means, and all products of two of them, (n, d + d (d + 1) / 2): enough for values that bend.
    """
    rows = np.arange(len(places))[:, None]
    there = (places >= 0)[:, :, None]
    found = np.where(there, features[rows, np.maximum(places, 0)], 0.0).astype(np.float64)
    mean = found.sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    first, second = np.triu_indices(mean.shape[1])
    return np.concatenate([mean, mean[:, first] * mean[:, second]], axis=1)
