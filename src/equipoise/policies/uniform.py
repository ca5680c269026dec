"""Every candidate left is as likely as any other: the fair coin that all else is judged against."""

from dataclasses import dataclass

import numpy as np

from equipoise.policies.policy import Options
from equipoise.policies.sampler import Slot, SlotBySlot, Weigh
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Choose at random. What it calls its best guess is the highest score."""

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "UniformPolicy":
        """Return the policy; it needs neither features nor a prior."""
        return UniformPolicy()


@dataclass(frozen=True, slots=True)
class UniformPolicy(SlotBySlot):
    """The policy of `Uniform`."""

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh all alike."""
        return options.scores, _alike


def _alike(slot: Slot) -> Floats:
    return (slot.left > -np.inf).astype(np.float64)
