"""Inverse gap weighting (Abe and Long, 1999; Foster and Rakhlin, 2020), slot by slot."""

from dataclasses import dataclass

import numpy as np

from equipoise.policies.policy import NOTHING, Options
from equipoise.policies.sampler import Slot
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class InverseGap:
    """Weigh by 1 / (K + sharpness * gap), K being how many are left; the best takes the rest of 1.

    The gap of a candidate is what it is worth less than the best left. Several best share.
    `sharpness` is (n, 1).
    """

    sharpness: Floats

    def __call__(self, slot: Slot) -> Floats:
        """Return the weights at a slot."""
        return inverse_gaps(slot, self.sharpness)


@dataclass(frozen=True, slots=True)
class InverseRelativeGap:
    """As `InverseGap`, with gaps as a share of the best, which counts as at least `least`."""

    sharpness: Floats
    least: float

    def __call__(self, slot: Slot) -> Floats:
        """Return the weights at a slot."""
        return inverse_gaps(slot, self.sharpness / np.maximum(slot.best, self.least))


def counted(options: Options) -> Floats:
    """Return how many candidates each request has, (n, 1)."""
    count: Floats = (options.items != NOTHING).sum(axis=1, keepdims=True, dtype=np.float64)
    return count


def inverse_gaps(slot: Slot, sharpness: Floats) -> Floats:
    """Return the weights (n, m) at a slot; `sharpness` is (n, 1)."""
    there, top = slot.left > -np.inf, slot.left == slot.best
    gaps = np.where(there, slot.best - slot.left, 0.0)
    weights: Floats = (there & ~top) / (there.sum(axis=1, keepdims=True) + sharpness * gaps + ~there)
    rest = 1.0 - weights.sum(axis=1, keepdims=True)
    weights += top * (rest / np.maximum(top.sum(axis=1, keepdims=True), 1))
    return weights
