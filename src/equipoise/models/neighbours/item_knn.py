"""Item neighbours by cosine (Sarwar et al., 2001; shrinkage and top-n as in Deshpande & Karypis, 2004)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.item_item import SparseItems
from equipoise.models.learner import TopK
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import track
from equipoise.types import Floats

BLOCK = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKNN:
    """Items bought by the same users are alike.

    Each item keeps its `n_neighbors` nearest; `shrinkage` pulls the cosine of items that few users
    share towards 0: s = c / (sqrt(n_i n_j) + shrinkage), c users who met both.
    """

    n_neighbors: int = tunable(20, Whole(5, 1000, log=True))
    shrinkage: float = tunable(10.0, Between(0.0, 200.0))

    def __post_init__(self) -> None:
        if self.n_neighbors < 1 or self.shrinkage < 0:
            raise BadInputError("item_knn", "n_neighbors must be at least 1 and shrinkage at least 0")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> SparseItems:
        """Find the neighbours; `rng` is not used."""
        matrix = data.matrix()
        transposed = matrix.T.tocsr()
        users = np.asarray(matrix.sum(axis=0)).ravel()
        starts = range(0, data.n_items, BLOCK)
        rows = [
            self._neighbours(transposed[at : at + BLOCK] @ matrix, users, at)
            for at in track(starts, "item_knn")
        ]
        return SparseItems(weights=sparse.vstack(rows, format="csr") if rows else _empty(data.n_items))

    def _neighbours(self, shared: sparse.csr_matrix, users: Floats, start: int) -> sparse.csr_matrix:
        together = shared.toarray()
        here = np.arange(len(together))
        cosine = together / (
            np.sqrt(np.outer(users[start : start + len(here)], users)) + self.shrinkage + 1e-9
        )
        cosine[here, start + here] = 0.0
        best = TopK.of(np.where(cosine > 0, cosine, -np.inf), min(self.n_neighbors, len(users)))
        kept = best.items >= 0
        where = (np.nonzero(kept)[0], best.items[kept])
        return sparse.csr_matrix((best.scores[kept].astype(np.float32), where), shape=shared.shape)


def _empty(n_items: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((n_items, n_items), dtype=np.float32)
