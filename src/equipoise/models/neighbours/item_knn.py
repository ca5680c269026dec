"""Item neighbours (Sarwar et al., 2001; shrinkage and top-n as in Deshpande & Karypis, 2004)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.item_item import SparseItems
from equipoise.models.neighbours.nearest import Index
from equipoise.models.neighbours.similarities import Similarity, similarity_of
from equipoise.models.space import Between, OneOf, Whole, tunable


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKNN:
    """Items met by the same users are alike.

    Each item keeps its `n_neighbors` nearest by `similarity`: the name of one in `similarities`, or one of
    them with settings of its own, such as `BM25(b=0.3)`. `shrinkage` is added to what similarities are
    divided by, which pulls down items that few users share: s = c / (sqrt(n_i n_j) + shrinkage).
    An item `age` places before the newest of a history counts `decay` ** `age`.

    Those of ratings (`adjusted_cosine`, `pearson`) take the weights of the interactions as ratings, the
    mean where a user rated an item more than once; the others see only who met what.
    """

    n_neighbors: int = tunable(20, Whole(5, 1000, log=True))
    similarity: str | Similarity = tunable("cosine", OneOf(("cosine", "jaccard", "bm25", "tf_idf")))
    shrinkage: float = tunable(10.0, Between(0.0, 200.0))
    decay: float = tunable(1.0, Between(0.5, 1.0))

    def __post_init__(self) -> None:
        if self.n_neighbors < 1 or not self.shrinkage >= 0:
            raise BadInputError("item_knn", "n_neighbors must be at least 1 and shrinkage at least 0")
        if not 0 < self.decay <= 1:
            raise BadInputError("decay", f"must be above 0 and at most 1, is {self.decay}")
        similarity_of(self.similarity)

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> SparseItems:
        """Find the neighbours; `rng` is not used."""
        similarity = similarity_of(self.similarity)
        met = _ratings(data) if similarity.of_ratings else data.matrix()
        items = met.T.tocsr()
        vectors = similarity.learn(items).vectors(items)
        weights = Index.of(vectors).nearest(
            vectors, self.n_neighbors, shrinkage=self.shrinkage, itself=False, what="item_knn"
        )
        return SparseItems(weights=weights, decay=self.decay)


def _ratings(data: Interactions) -> sparse.csr_matrix:
    """Return the (n_users, n_items) CSR matrix of the mean weight with which each user met each item."""
    shape = (data.n_users, data.n_items)
    sums = sparse.csr_matrix((data.weights.astype(np.float64), (data.users, data.items)), shape=shape)
    counts = sparse.csr_matrix((np.ones(len(data)), (data.users, data.items)), shape=shape)
    sums.sort_indices()
    counts.sort_indices()
    sums.data /= counts.data
    return sums
