"""Every item is as likely as any other."""

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
        return Drawn(items, np.log(self.expected(items)).astype(np.float32))

    def expected(self, items: Ints) -> Floats:
        """Return the same for every item, (k,)."""
        return np.full(len(items), self.n / len(self.shares))
