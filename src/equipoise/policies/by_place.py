"""Candidates drawn by their place in an order: near to greedy, yet everything has a chance."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from equipoise.errors import BadInputError
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Slot, SlotBySlot, Weigh
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPlace:
    """At each slot P(the j-th best left) is proportional to j to the minus `power`; equals share a place.

    What is drawn does not depend on the unit of the scores. The best has a chance above 0.6 at powers of 2
    and more, and the last of m never less than m ** -power / 2, so that its log can judge others.
    """

    power: float = 3.0

    def __post_init__(self) -> None:
        if not 0.0 < self.power <= 20.0:
            raise BadInputError("power", f"must be above 0 and at most 20, not {self.power}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "ByPlacePolicy":
        """Return the policy; it needs neither features nor a prior."""
        return ByPlacePolicy(self)


@dataclass(frozen=True, slots=True)
class ByPlacePolicy(SlotBySlot):
    """The policy of `ByPlace`."""

    config: ByPlace

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh scores by their place."""
        return options.scores, _Placed(self.config.power)


@dataclass(frozen=True, slots=True)
class _Placed:
    power: float

    def __call__(self, slot: Slot) -> Floats:
        places = rankdata(-slot.left, method="min", axis=1)
        return np.where(slot.left > -np.inf, places**-self.power, 0.0)
