"""Items as often as they are met: harder to tell from the targets than any."""

from dataclasses import dataclass

import numpy as np

from equipoise.models.neural.negatives.negatives import Drawn, by_share
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Popular:
    """Draws `n` items by their `shares` (n_items,)."""

    shares: Floats
    n: int

    def draw(self, targets: Ints, rng: np.random.Generator) -> Drawn:
        """Return `n` items, the popular ones more often."""
        items = by_share(self.shares, self.n, rng)
        return Drawn(items, np.log(self.expected(items)).astype(np.float32))

    def expected(self, items: Ints) -> Floats:
        """Return `n` times the shares, (k,)."""
        return np.asarray(self.n * self.shares[items])
