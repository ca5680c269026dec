"""The hardest of a pool: those the model scores highest (Zhang et al., 2013, dynamic negative sampling).

Most items drawn are so unlike the target that they teach nothing; those that the model would wrongly show do.
"""

import math
from dataclasses import dataclass

import numpy as np

from equipoise.models.neural.negatives.negatives import Drawn
from equipoise.types import Floats, Ints

POOL = 4
"""How many are drawn for each that is kept."""


@dataclass(frozen=True, slots=True)
class Hard:
    """Draws `POOL` times `n` items from anywhere, of which each example keeps the `n` hardest."""

    shares: Floats
    n: int

    def draw(self, targets: Ints, rng: np.random.Generator) -> Drawn:
        """Return the pool; softmax over the hardest is that over the pool, less its small terms."""
        pool = POOL * self.n
        items = rng.integers(0, len(self.shares), pool)
        log_counts = np.full(pool, math.log(pool / len(self.shares)), np.float32)
        return Drawn(items, log_counts, hardest=self.n)
