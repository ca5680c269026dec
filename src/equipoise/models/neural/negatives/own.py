"""For each example its own (Kang & McAuley, 2018): with one each, a net learns as SASRec was first taught."""

from dataclasses import dataclass

import numpy as np

from equipoise.models.neural.negatives.negatives import Drawn
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Own:
    """Draws `n` items for each target, from anywhere: few of them still meet the whole catalogue soon."""

    shares: Floats
    n: int

    def draw(self, targets: Ints, rng: np.random.Generator) -> Drawn:
        """Return `n` items for each of `targets` (p,)."""
        items = rng.integers(0, len(self.shares), (len(targets), self.n))
        return Drawn(items, np.full(self.n, np.log(self.n / len(self.shares)), np.float32))

    def expected(self, items: Ints) -> Floats:
        """Return the same for every item, (k,)."""
        return np.full(len(items), self.n / len(self.shares))
