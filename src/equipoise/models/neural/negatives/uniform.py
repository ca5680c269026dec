"""Every item is as likely as any other."""

import math
from dataclasses import dataclass

import numpy as np

from equipoise.models.neural.negatives.negatives import Drawn
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Uniform:
    """Draws `n` items."""

    shares: Floats
    n: int

    def draw(self, targets: Ints, rng: np.random.Generator) -> Drawn:
        """Return `n` items of the catalogue."""
        items = rng.integers(0, len(self.shares), self.n)
        return Drawn(items, np.full(self.n, math.log(self.n / len(self.shares)), np.float32))
