"""Half by popularity, half from anywhere (Yang et al., 2020, "Mixed negative sampling")."""

from dataclasses import dataclass

import numpy as np

from equipoise.models.neural.negatives.negatives import Drawn, by_share
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Mixed:
    """Draws `n` items: popular ones are hard to tell from targets, and rare ones must be told of too."""

    shares: Floats
    n: int

    def draw(self, targets: Ints, rng: np.random.Generator) -> Drawn:
        """Return `n` items, half of them by their shares."""
        n_items = len(self.shares)
        popular = rng.random(self.n) < 0.5
        items = np.where(popular, by_share(self.shares, self.n, rng), rng.integers(0, n_items, self.n))
        chance = 0.5 * self.shares[items] + 0.5 / n_items
        return Drawn(items, np.log(self.n * chance).astype(np.float32))
