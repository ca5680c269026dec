"""Doubly robust with sub-Gaussian weights (Metelli, Russo and Restelli, 2021)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, corrected, largest
from equipoise.evaluation.offpolicy.estimators.sub_gaussian import MIXES, check_mix, harmonic
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class SubGaussianDR(OfRounds):
    """Doubly robust with weights w / (1 - mix + mix w)."""

    mix: float = 0.0

    def __post_init__(self) -> None:
        check_mix(self.mix)

    def shrunk(self, weights: Floats) -> Floats:
        """Return the weights used for `weights` (n,)."""
        return harmonic(weights, self.mix)

    def grid(self, weights: Floats) -> Sequence[Self]:
        """Return this estimator with mixes worth trying, none first."""
        return [replace(self, mix=mix) for mix in MIXES]

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        shrunk = self.shrunk(rounds.weights)
        return corrected(rounds, shrunk, largest(shrunk))
