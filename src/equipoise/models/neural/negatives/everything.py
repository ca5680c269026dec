"""All items there are: nothing is drawn, and nothing has to be corrected."""

from dataclasses import dataclass

import numpy as np

from equipoise.models.neural.negatives.negatives import Drawn
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Everything:
    """Costs as much as the catalogue is large; the number `n` of negatives plays no part."""

    shares: Floats
    n: int

    def draw(self, targets: Ints, rng: np.random.Generator) -> Drawn:
        """Return every item."""
        n_items = len(self.shares)
        return Drawn(np.arange(n_items), np.zeros(n_items, np.float32), whole=True)

    def expected(self, items: Ints) -> Floats:
        """Return once, (k,)."""
        return np.ones(len(items))
