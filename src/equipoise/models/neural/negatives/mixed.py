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
        return Drawn(items, np.log(self.expected(items)).astype(np.float32))

    def expected(self, items: Ints) -> Floats:
        """Return half of what either way of drawing gives, (k,)."""
        return np.asarray(self.n * (0.5 * self.shares[items] + 0.5 / len(self.shares)))
