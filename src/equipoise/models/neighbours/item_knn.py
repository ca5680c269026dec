"""Item neighbours by cosine (Sarwar et al., 2001; shrinkage and top-n as in Deshpande & Karypis, 2004)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.learner import TopK
from equipoise.progress import track
from equipoise.types import Floats, Ints

BLOCK = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKNN:
    """Items bought by the same users are alike.

    Each item keeps its `n_neighbors` nearest; `shrinkage` pulls the cosine of items that few users
    share towards 0: s = c / (sqrt(n_i n_j) + shrinkage), c users who met both.
    """

    n_neighbors: int = 20
    shrinkage: float = 10.0

    def __post_init__(self) -> None:
        if self.n_neighbors < 1 or self.shrinkage < 0:
            raise BadInputError("item_knn", "n_neighbors must be at least 1 and shrinkage at least 0")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "ItemKNNScorer":
        """Find the neighbours; `rng` is not used."""
        matrix = data.matrix()
        transposed = matrix.T.tocsr()
        users = np.asarray(matrix.sum(axis=0)).ravel()
        starts = range(0, data.n_items, BLOCK)
        rows = [
            self._neighbours(transposed[at : at + BLOCK] @ matrix, users, at)
            for at in track(starts, "item_knn")
        ]
        return ItemKNNScorer(neighbours=sparse.vstack(rows, format="csr") if rows else _empty(data.n_items))

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKNNScorer(DenseScorer):
    """`neighbours` (n_items, n_items) CSR: row i holds the similarity of the neighbours of item i."""

    neighbours: sparse.csr_matrix

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return int(self.neighbours.shape[0])

    def score(self, histories: Histories) -> Floats:
        """Return, for each item, how alike it is to the distinct items of each history, summed."""
        if len(histories) == 1:
            return self._score_one(histories.known(self.n_items).items)[None, :]
        scores: Floats = (histories.matrix(self.n_items) @ self.neighbours).toarray()
        return scores

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the nearest neighbours themselves; fewer than `k` where no user links more."""
        alone = Histories(np.asarray(items, np.int64), np.arange(len(items) + 1))
        scores = self.score(alone)
        return TopK.of(np.where(scores > 0, scores, -np.inf), k)

    def _score_one(self, items: Ints) -> Floats:
        # One request: adding up a few sparse rows by hand is several times faster than a sparse product.
        table = self.neighbours
        runs = [slice(table.indptr[item], table.indptr[item + 1]) for item in np.unique(items)]
        if not runs:
            return np.zeros(self.n_items, np.float32)
        places = np.concatenate([table.indices[run] for run in runs])
        values = np.concatenate([table.data[run] for run in runs])
        return np.bincount(places, values, self.n_items).astype(np.float32)
