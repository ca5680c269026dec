"""The protocol of what draws negatives: a set for a batch, its scores one product, or for each example."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Drawn:
    """`items` (m,) codes, or (p, m) of each example's own; `log_counts` (m,) of how often each is expected
    among the m, float32.

    `whole` where they are all items there are, each once. Each example is compared with the `hardest` of them
    that score highest, with all where it is None.
    """

    items: Ints
    log_counts: Floats
    whole: bool = False
    hardest: int | None = None


class Negatives(Protocol):
    """Draws items to compare the targets of a batch with."""

    def draw(self, targets: Ints, rng: np.random.Generator) -> Drawn:
        """Return the negatives of the batch whose targets are `targets` (p,)."""
        ...

    def expected(self, items: Ints) -> Floats:
        """Return how often each of `items` (k,) is expected among the negatives of an example, (k,)."""
        ...


def by_share(shares: Floats, n: int, rng: np.random.Generator) -> Ints:
    """Return `n` items drawn by their `shares` (n_items,), which sum to 1."""
    drawn = np.searchsorted(np.cumsum(shares), rng.random(n), side="right")
    return np.minimum(drawn, len(shares) - 1)
