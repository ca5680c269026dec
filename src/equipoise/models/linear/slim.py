"""Sparse linear methods (Ning and Karypis, 2011, "SLIM: Sparse Linear Methods for Top-N Recommenders").

Their fsSLIM: each item is regressed on the items that say most of it alone, so that work and memory grow
with the catalogue, not with its square.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models.item_item import SparseItems
from equipoise.models.linear.descent import Descent
from equipoise.models.linear.rows import rows
from equipoise.models.space import Between, tunable


@dataclass(frozen=True, slots=True, kw_only=True)
class SLIM:
    """Elastic net of every item on `n_neighbors` others, by coordinate descent.

    `l1` makes the weights few, `l2` small, `non_negative` keeps them at or above 0. With `l1` = 0 and
    negative weights allowed it is EASE on neighbours, for catalogues whose square does not fit. The other
    settings are as in `EASE`.
    """

    l1: float = tunable(1.0, Between(0.01, 10.0, log=True))
    l2: float = tunable(30.0, Between(1.0, 1000.0, log=True))
    n_neighbors: int = 200
    non_negative: bool = True
    decay: float = tunable(1.0, Between(0.3, 1.0))
    fit_decay: float = 1.0
    weighted: bool = False
    content: ItemContent | None = None
    content_weight: float = tunable(1.0, Between(0.1, 10.0, log=True))

    def __post_init__(self) -> None:
        if not (self.l1 >= 0 and self.l2 > 0):
            raise BadInputError("slim", "l1 must be at least 0 and l2 above 0")
        if self.n_neighbors < 1:
            raise BadInputError("n_neighbors", f"must be at least 1, is {self.n_neighbors}")
        if not (0 < self.decay <= 1 and 0 < self.fit_decay <= 1):
            raise BadInputError("decay", "decay and fit_decay must be above 0 and at most 1")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> SparseItems:
        """Solve; memory is that of the sparse Gram matrix. `rng` is not used."""
        met = rows(
            data,
            decay=self.fit_decay,
            weighted=self.weighted,
            content=self.content,
            content_weight=self.content_weight,
        )
        gram = sparse.csr_matrix(met.T @ met)
        descent = Descent(
            l1=self.l1, l2=self.l2, n_neighbors=self.n_neighbors, non_negative=self.non_negative
        )
        return SparseItems(weights=descent.solve(gram, gram, "slim"), decay=self.decay)
