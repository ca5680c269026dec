"""The weighing of epsilon-greedy, slot by slot: mostly the best guess, now and then any candidate."""

from dataclasses import dataclass

import numpy as np

from equipoise.policies.sampler import Slot
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class MostlyGreedy:
    """1 - `epsilon` to the best left, `epsilon` to all that is left, the best among them, in equal parts.

    `epsilon` is a number, or one a request, (n, 1).
    """

    epsilon: float | Floats

    def __call__(self, slot: Slot) -> Floats:
        """Return the probabilities (n, m)."""
        top, there = slot.left == slot.best, slot.left > -np.inf
        greedy = (1.0 - self.epsilon) / np.maximum(top.sum(axis=1, keepdims=True), 1)
        chances: Floats = top * greedy
        chances += there * (self.epsilon / np.maximum(there.sum(axis=1, keepdims=True), 1))
        return chances
