"""Rules of two steps: what comes after the items like those of a session (a walk as in Cooper et al., 2014).

An item that few sessions met has few rules of its own, and those that items like it have suit it too.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.kernels import kernel
from equipoise.models.item_item import SparseItems
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neighbours.sequential_rules import SequentialRules
from equipoise.progress import track
from equipoise.types import Floats, Ints

BLOCK = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class BorrowedRules:
    """Each item has the mean of the `rules` of its `lenders`, weighted by how much they are like it.

    The `n_rules` strongest of each item are kept. An item of a history counts `decay` ** (how many came
    after it).
    """

    rules: SequentialRules = field(default_factory=SequentialRules)
    lenders: ItemKNN = field(default_factory=lambda: ItemKNN(n_neighbors=50, shrinkage=10.0))
    n_rules: int = 100
    decay: float = 0.5

    def __post_init__(self) -> None:
        if self.n_rules < 1 or not 0 <= self.decay <= 1:
            raise BadInputError("borrowed_rules", "n_rules must be at least 1, and decay from 0 to 1")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> SparseItems:
        """Fit both parts and multiply them."""
        lent = _shares(self.lenders.fit(data, rng=rng).weights)
        rules = self.rules.fit(data, rng=rng).weights
        starts = range(0, data.n_items, BLOCK)
        rows = [self._strongest(lent[at : at + BLOCK] @ rules) for at in track(starts, "borrowed_rules")]
        none = sparse.csr_matrix((0, data.n_items), dtype=np.float32)
        return SparseItems(weights=sparse.vstack([none, *rows], format="csr"), decay=self.decay)

    def _strongest(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        rows.sort_indices()
        _drop(rows.indptr, rows.data, self.n_rules)
        rows.eliminate_zeros()
        return rows


def _shares(likeness: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the rows of `likeness`, each divided by its sum."""
    sums = np.asarray(likeness.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags_array(1.0 / np.maximum(sums, 1e-9)) @ likeness, dtype=np.float32)


@kernel
def _drop(offsets: Ints, weights: Floats, k: int) -> None:
    """Set to 0 what is below the `k` highest of each row of `weights` (total,)."""
    for row in range(len(offsets) - 1):
        here = weights[offsets[row] : offsets[row + 1]]
        if len(here) > k:
            least = np.partition(here, len(here) - k)[len(here) - k]
            here[here < least] = 0.0
