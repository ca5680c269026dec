"""Inverse gap weighting (Abe and Long, 1999; Foster and Rakhlin, 2020), slot by slot."""

from dataclasses import dataclass

import numpy as np

from equipoise.kernels import kernel
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
    weights = np.zeros(slot.left.shape)
    _weigh(slot.left, slot.best, sharpness, weights)
    return weights


@kernel
def _weigh(left: Floats, best: Floats, sharpness: Floats, weights: Floats) -> None:
    n, m = left.shape
    for row in range(n):
        count, top = 0, 0
        for place in range(m):
            count += left[row, place] > -np.inf
            top += left[row, place] == best[row, 0]
        rest = 1.0
        for place in range(m):
            gap = best[row, 0] - left[row, place]
            if 0.0 < gap < np.inf:
                weights[row, place] = 1.0 / (count + sharpness[row, 0] * gap)
                rest -= weights[row, place]
        for place in range(m):
            if left[row, place] == best[row, 0]:
                weights[row, place] = rest / top
