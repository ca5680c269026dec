"""Item neighbours by content (Lops et al., 2011, "Content-based recommender systems", section 3.3.1).

The likeness of two items is the cosine of what is said of them, so an item that nobody has met has
neighbours like any other, and is recommended to those who met them.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models.item_item import SparseItems
from equipoise.models.learner import TopK
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import track
from equipoise.types import Floats

_BLOCK = 1024
_TIE = 1e-4
"""What the most popular item gains over one that nobody met: enough to decide among equals only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentKNN:
    """An item is raised by those of its `n_neighbors` nearest in `content` that are in the history.

    Every item keeps its own nearest, so each one that is described can be recommended. Of equally near ones
    the popular are kept: more histories hold them. An item `age` places before the newest of its history
    counts `decay` ** `age`.
    """

    content: ItemContent | None = None
    n_neighbors: int = tunable(200, Whole(10, 1000, log=True))
    decay: float = tunable(1.0, Between(0.3, 1.0))

    def __post_init__(self) -> None:
        if self.n_neighbors < 1 or not 0 < self.decay <= 1:
            raise BadInputError("content_knn", "n_neighbors must be at least 1 and decay in (0, 1]")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> SparseItems:
        """Find the neighbours; raise `BadInputError` where there is no content. `rng` is not used."""
        if self.content is None:
            raise BadInputError(
                "content",
                "content_knn needs to be told of the items: ContentKNN(content=ItemContent.of_tags(…))",
            )
        rows = self.content.checked(data.n_items)
        met = np.log1p(np.bincount(data.items, minlength=data.n_items))
        tie = _TIE * met / max(float(met.max(initial=0.0)), 1.0)
        starts = track(range(0, data.n_items, _BLOCK), "content_knn")
        nearest = [self._nearest(rows, tie, slice(at, at + _BLOCK)) for at in starts]
        empty = sparse.csr_matrix(2 * (data.n_items,), dtype=np.float32)
        weights = sparse.vstack(nearest, format="csr") if nearest else empty
        return SparseItems(weights=weights.T.tocsr(), decay=self.decay)

    def _nearest(self, rows: sparse.csr_matrix, tie: Floats, block: slice) -> sparse.csr_matrix:
        """Return the cosines of the items of `block` with their nearest, (block, n_items)."""
        likeness = (rows[block] @ rows.T).toarray()
        here = np.arange(len(likeness))
        likeness[here, block.start + here] = 0.0
        best = TopK.of(np.where(likeness > 0, likeness + tie, -np.inf), self.n_neighbors)
        row, place = np.nonzero(best.items >= 0)
        item = best.items[row, place]
        return sparse.csr_matrix((likeness[row, item], (row, item)), shape=likeness.shape)
