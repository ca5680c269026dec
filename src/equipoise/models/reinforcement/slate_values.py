"""A fitted SlateQ as arrays, without PyTorch to run it: what a click is worth, and how likely it is."""

from dataclasses import dataclass

import numpy as np

from equipoise.models.reinforcement.values import Network, nothing_shown
from equipoise.types import Floats, Ints

ROUNDS = 4
"""Rounds in which the best slate is found; it seldom takes more than three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlateValues:
    """A fitted SlateQ: `q` of a click, `choice` the log-odds of one on top against none.

    The first `n_own` features are the candidate's; slates have `k` positions, with `looked` (k,) the odds
    of each relative to the top.
    """

    q: Network
    choice: Network
    looked: Floats
    n_own: int

    def worth(self, features: Floats, places: Ints) -> Floats:
        """Return what the slates at `places` (n, k), -1 for nothing, of (n, m, d) are worth, (n,)."""
        odds = np.exp(np.clip(self.choice.scores(features), -20.0, 20.0))
        q, none = self.q.scores(features), self.q.scores(nothing_shown(features, self.n_own))
        return expected(odds, q, none, self.looked, places)

    def scores(self, features: Floats) -> Floats:
        """Return odds (Q(s, i) - V(s)) for each candidate (n, m), V being the value of the best slate.

        Ordered so, the first k are the best slate where positions are alike (Dinkelbach, 1967), and
        nearly so where they are not.
        """
        odds = np.exp(np.clip(self.choice.scores(features), -20.0, 20.0))
        q, none = self.q.scores(features), self.q.scores(nothing_shown(features, self.n_own))
        return ranked(odds, q, none, self.looked)[0]


def ranked(odds: Floats, q: Floats, none: Floats, looked: Floats) -> tuple[Floats, Floats]:
    """Return the scores (n, m) by which the best slate is on top, and what it is worth, (n,).

    `odds` and `q` (n, m) are of a click on each candidate, `none` (n, 1) the value of no click, `looked`
    (k,) the odds of each position relative to the top.
    """
    value, k = none, min(len(looked), odds.shape[1])
    for _ in range(ROUNDS):
        best = np.argsort(-odds * (q - value), axis=1, kind="stable")[:, :k]
        weights = np.take_along_axis(odds, best, axis=1) * looked[:k]
        earned = none + (weights * np.take_along_axis(q, best, axis=1)).sum(axis=1, keepdims=True)
        value = earned / (1.0 + weights.sum(axis=1, keepdims=True))
    return odds * (q - value), value[:, 0]


def expected(odds: Floats, q: Floats, none: Floats, looked: Floats, places: Ints) -> Floats:
    """Return what the slates at `places` (n, k) are worth, (n,); the others as `ranked` takes them."""
    there, at = places >= 0, np.maximum(places, 0)
    weights = np.where(there, np.take_along_axis(odds, at, axis=1) * looked[: places.shape[1]], 0.0)
    earned = none[:, 0] + (weights * np.take_along_axis(q, at, axis=1)).sum(axis=1)
    return np.asarray(earned / (1.0 + weights.sum(axis=1)))
