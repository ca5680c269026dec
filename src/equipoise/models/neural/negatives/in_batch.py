"""The targets of the others in the batch (Yi et al., 2019, "Sampling-bias-corrected neural modeling")."""

from dataclasses import dataclass

import numpy as np

from equipoise.models.neural.negatives.negatives import Drawn
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class InBatch:
    """Takes up to `n` of the targets; an item comes as often as its share of the interactions."""

    shares: Floats
    n: int

    def draw(self, targets: Ints, rng: np.random.Generator) -> Drawn:
        """Return some of `targets`."""
        items = targets if len(targets) <= self.n else rng.choice(targets, self.n, replace=False)
        return Drawn(items, np.log(len(items) * self.shares[items]).astype(np.float32))

    def expected(self, items: Ints) -> Floats:
        """Return `n` times the shares, (k,)."""
        return np.asarray(self.n * self.shares[items])
