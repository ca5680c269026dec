"""RP3beta (Paudel et al., 2016, "Updatable, Accurate, Diverse, and Scalable Recommendations", ACM TiiS 7(1)).

A random walk of three steps, user to item to user to item, with less of it ending at what everybody meets.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.item_item import SparseItems
from equipoise.models.neighbours.nearest import Index
from equipoise.models.neighbours.similarities.vectors import Vectors, with_data
from equipoise.models.space import Between, Whole, tunable
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class RP3Beta:
    """s(i to j) = n_j^-beta * sum over who met both of (n_i n_u)^-alpha: degrees n of items and of users.

    `alpha` 1 is the random walk itself; `beta` is how much an item is held against for being met much.
    Each item keeps its `n_neighbors` best; an item `age` places before the newest of a history counts
    `decay` ** `age`.
    """

    n_neighbors: int = tunable(100, Whole(10, 1000, log=True))
    alpha: float = tunable(0.7, Between(0.2, 2.0))
    beta: float = tunable(0.2, Between(0.0, 1.5))
    decay: float = tunable(1.0, Between(0.3, 1.0))

    def __post_init__(self) -> None:
        if self.n_neighbors < 1 or not (self.alpha >= 0 and self.beta >= 0):
            raise BadInputError("rp3beta", "n_neighbors must be at least 1, alpha and beta at least 0")
        if not 0 < self.decay <= 1:
            raise BadInputError("decay", f"must be above 0 and at most 1, is {self.decay}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> SparseItems:
        """Follow every walk of two steps from an item and keep the likeliest; `rng` is not used."""
        met = data.matrix()
        from_users = 1 / _size(np.diff(met.indptr), self.alpha)
        items = met.T.tocsr()
        degrees = np.diff(items.indptr)
        ends = Vectors(
            matrix=with_data(items, from_users[items.indices]),
            from_sizes=_size(degrees, self.alpha),
            to_sizes=_size(degrees, self.beta),
        )
        starts = Vectors(matrix=items, from_sizes=ends.from_sizes, to_sizes=ends.to_sizes)
        weights = Index.of(ends).nearest(starts, self.n_neighbors, itself=False, what="rp3beta")
        return SparseItems(weights=weights, decay=self.decay)


def _size(degrees: Ints, power: float) -> Floats:
    return np.asarray(np.maximum(degrees, 1) ** power, np.float32)
