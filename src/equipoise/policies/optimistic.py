"""The weighing of optimism: the highest mean plus bonus, and all of them alike where several are."""

from dataclasses import dataclass

import numpy as np

from equipoise.policies.sampler import NONE_LEFT, Slot
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class Optimistic:
    """Weigh nothing but the largest of worth plus `bonus` (n, m), which is finite."""

    bonus: Floats

    def __call__(self, slot: Slot) -> Floats:
        """Return 1 where the sum is largest, else 0, (n, m)."""
        utilities = slot.left + self.bonus
        best = np.maximum.reduce(utilities, axis=1, keepdims=True, initial=NONE_LEFT)
        weights: Floats = (utilities == best).astype(np.float64)
        return weights
