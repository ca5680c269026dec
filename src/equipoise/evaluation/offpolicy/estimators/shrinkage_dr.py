"""Doubly robust with optimistic shrinkage (Su, Dimakopoulou, Krishnamurthy and Dudik, 2020)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt
from typing import Self

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, corrected, largest
from equipoise.evaluation.offpolicy.estimators.shrinking import caps
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class ShrinkageDR(OfRounds):
    """Doubly robust with weights s w / (w^2 + s), which are small again where w is huge; DR for s = inf."""

    shrinkage: float = inf

    def shrunk(self, weights: Floats) -> Floats:
        """Return the weights used for `weights` (n,)."""
        if self.shrinkage == inf:
            return weights
        shrunk: Floats = self.shrinkage * weights / (weights**2 + self.shrinkage)
        return shrunk

    def grid(self, weights: Floats) -> Sequence[Self]:
        """Return this estimator with settings worth trying, none first; a weight of sqrt(s) is halved."""
        return [replace(self, shrinkage=cap**2) for cap in caps(weights)]

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        most = sqrt(self.shrinkage) / 2
        return corrected(rounds, self.shrunk(rounds.weights), largest(rounds.weights, most))
