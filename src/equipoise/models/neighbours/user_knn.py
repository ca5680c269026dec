"""User neighbours (Resnick et al., 1994, "GroupLens"; of who met what, Karypis, 2001), of histories."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.histories import PADDING, Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.item_item import summed
from equipoise.models.learner import TopK
from equipoise.models.neighbours.nearest import Index
from equipoise.models.neighbours.similarities import Measure, Similarity, similarity_of
from equipoise.models.space import Between, OneOf, Whole, tunable
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class UserKNN:
    """Recommends what those met whose histories are most like the one asked for.

    `similarity` and `shrinkage` are as in `ItemKNN`, but only those of who met what: a history has no
    ratings. A neighbour's say is its similarity to the power of `sharpness` (case amplification: Breese
    et al., 1998). An item `age` places before the newest of the history asked for counts `decay` ** `age`.
    """

    n_neighbors: int = tunable(200, Whole(5, 2000, log=True))
    similarity: str | Similarity = tunable(
        "cosine", OneOf(("cosine", "jaccard", "bm25", "tf_idf", "asymmetric"))
    )
    shrinkage: float = tunable(0.0, Between(0.0, 200.0))
    sharpness: float = tunable(1.0, Between(0.5, 5.0))
    decay: float = tunable(1.0, Between(0.3, 1.0))

    def __post_init__(self) -> None:
        if self.n_neighbors < 1 or not (self.shrinkage >= 0 and self.sharpness > 0):
            raise BadInputError(
                "user_knn", "n_neighbors must be at least 1, shrinkage at least 0 and sharpness above 0"
            )
        if not 0 < self.decay <= 1:
            raise BadInputError("decay", f"must be above 0 and at most 1, is {self.decay}")
        if similarity_of(self.similarity).of_ratings:
            raise BadInputError("similarity", "histories have no ratings; choose cosine, jaccard or another")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "UserKNNScorer":
        """Index the users by what they met; `rng` is not used."""
        met = data.matrix()
        met = met[np.diff(met.indptr) > 0]
        measure = similarity_of(self.similarity).learn(met)
        index = Index.of(measure.vectors(met))
        return UserKNNScorer(settings=self, measure=measure, index=index, met=met)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserKNNScorer(DenseScorer):
    """The users it learned from: `met` (n_users, n_items) CSR, and the `index` to find those alike."""

    settings: UserKNN
    measure: Measure
    index: Index
    met: sparse.csr_matrix

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return int(self.met.shape[1])

    def score(self, histories: Histories) -> Floats:
        """Return the sum over the nearest users who met an item of how near they are, (n, n_items)."""
        near = self.neighbours(histories)
        if len(histories) == 1:
            return summed(self.met, near.indices, near.data)[None, :]
        return np.asarray((near @ self.met).toarray(), np.float32)

    def neighbours(self, histories: Histories) -> sparse.csr_matrix:
        """Return how near the nearest users are to each history, (n, n_users) CSR."""
        near = self._nearest(histories)
        near.data **= self.settings.sharpness
        return near

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most.

        A neighbour is near because of the items shared with it; its say is divided among those.
        """
        found = np.full((len(items), k), PADDING, np.int64)
        added = np.full((len(items), k), -np.inf, np.float32)
        for row, item in enumerate(items):
            codes, gains = self._shares(histories[row : row + 1], int(item))
            order = [place for place in np.argsort(-gains, kind="stable")[:k] if gains[place] > 0]
            found[row, : len(order)], added[row, : len(order)] = codes[order], gains[order]
        return TopK(found, added)

    def _nearest(self, histories: Histories) -> sparse.csr_matrix:
        asked = self.measure.vectors(histories.matrix(self.n_items, self.settings.decay))
        return self.index.nearest(asked, self.settings.n_neighbors, shrinkage=self.settings.shrinkage)

    def _shares(self, history: Histories, item: int) -> tuple[Ints, Floats]:
        """Return the distinct items of one history, and what each adds to the score of `item`."""
        asked = self.measure.vectors(history.matrix(self.n_items, self.settings.decay)).matrix
        near = self.neighbours(history)
        if not 0 <= item < self.n_items:
            return asked.indices, np.zeros(asked.nnz, np.float32)
        holds = self.met[near.indices, item].toarray().ravel() > 0
        users, says = near.indices[holds], near.data[holds]
        terms = self.index.postings[asked.indices][:, users].toarray() * asked.data[:, None]
        return asked.indices, np.asarray(terms @ (says / terms.sum(axis=0)), np.float32)
