"""The hardest of a pool: those the model scores highest (Zhang et al., 2013, dynamic negative sampling).

Most items drawn are so unlike the target that they teach nothing; those that the model would wrongly show do.
"""

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
        items = rng.integers(0, len(self.shares), POOL * self.n)
        return Drawn(items, np.log(self.expected(items)).astype(np.float32), hardest=self.n)

    def expected(self, items: Ints) -> Floats:
        """Return how often each is in the pool, (k,)."""
        return np.full(len(items), POOL * self.n / len(self.shares))
