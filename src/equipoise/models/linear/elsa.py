"""Scalable linear shallow autoencoder (Vančura et al., 2022, "Scalable Linear Shallow Autoencoder ...").

Their ELSA: weights AAᵀ - I with rows of A of length 1, so that the diagonal is 0 by construction.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.item_item import strongest
from equipoise.models.learner import TopK
from equipoise.models.linear.adam import Adam
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import track
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class ELSA:
    """An autoencoder of rank `embedding_size`, for catalogues whose square does not fit.

    Fitted by Adam on batches of users; the loss of a user is ``|x/|x| - y/|y||²`` with
    ``y = x(AAᵀ - I)``. `decay` is as in `EASE`.
    """

    embedding_size: int = tunable(256, Whole(32, 1024, log=True))
    epochs: int = tunable(15, Whole(3, 50))
    batch_size: int = 1024
    learning_rate: float = tunable(0.01, Between(0.001, 0.1, log=True))
    decay: float = tunable(1.0, Between(0.3, 1.0))

    def __post_init__(self) -> None:
        if min(self.embedding_size, self.epochs, self.batch_size) < 1:
            raise BadInputError("elsa", "embedding_size, epochs and batch_size must be at least 1")
        if not self.learning_rate > 0:
            raise BadInputError("learning_rate", f"must be above 0, is {self.learning_rate}")
        if not 0 < self.decay <= 1:
            raise BadInputError("decay", f"must be above 0 and at most 1, is {self.decay}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "LowRankItems":
        """Fit; `rng` draws the first vectors and the batches. Memory grows with the number of items."""
        met = data.matrix(self.decay)
        # A history of one item is rebuilt as nothing: it has no direction to learn from.
        met = met[np.diff(met.indptr) > 1]
        vectors = unit(rng.standard_normal((data.n_items, self.embedding_size), dtype=np.float32))
        step = Adam.start(vectors.shape, learning_rate=self.learning_rate)
        for _ in track(range(self.epochs), "elsa"):
            order = rng.permutation(met.shape[0])
            for start in range(0, len(order), self.batch_size):
                rows = met[order[start : start + self.batch_size]]
                vectors = unit(vectors - step.towards(slope(rows, vectors)))
        return LowRankItems(vectors=vectors, decay=self.decay)


@dataclass(frozen=True, slots=True, kw_only=True)
class LowRankItems(DenseScorer):
    """`vectors` (n_items, d): an item in the history adds its dot product with each other item.

    An item `age` places before the newest of its history counts `decay` ** `age`.
    """

    vectors: Floats
    decay: float = tunable(1.0, Between(0.3, 1.0))

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.vectors)

    def score(self, histories: Histories) -> Floats:
        """Return the history times AAᵀ - I, (n, n_items)."""
        met = histories.matrix(self.n_items, self.decay)
        scores = np.asarray((met @ self.vectors) @ self.vectors.T, np.float32)
        scores[np.repeat(np.arange(len(histories)), np.diff(met.indptr)), met.indices] -= met.data
        return scores

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most."""
        return strongest(histories.matrix(self.n_items, self.decay), items, self.n_items, k, self._weight)

    def _weight(self, met: Ints, item: int) -> Floats:
        return np.where(met == item, 0.0, self.vectors[met] @ self.vectors[item])


def unit(vectors: Floats) -> Floats:
    """Return `vectors` (n, d) at length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def slope(rows: sparse.csr_matrix, vectors: Floats) -> Floats:
    """Return the gradient of the mean loss of `rows` (b, n) by `vectors` A (n, d), along the unit sphere.

    With z = xA and M = AᵀA, no product is as large as users by items: ``|y|² = zMzᵀ - 2 |z|² + |x|²``,
    ``xy = |z|² - |x|²``, and the gradient by y is a multiple of x and of y itself.
    """
    hidden = np.asarray(rows @ vectors)
    square = vectors.T @ vectors
    mapped = hidden @ square
    x_norm = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    z_norm = np.einsum("bd,bd->b", hidden, hidden)
    y_norm = np.maximum(np.einsum("bd,bd->b", hidden, mapped) - 2 * z_norm + x_norm, 1e-6)
    along = z_norm - x_norm
    # The gradient by y is p x + q y, each user by a p and a q of its own.
    p = -2 / np.sqrt(x_norm * y_norm) / len(hidden)
    q = -p * along / y_norm
    by_hidden = (p - q)[:, None] * hidden + q[:, None] * mapped
    from_rows = rows.T @ ((p - q)[:, None] * hidden + by_hidden)
    gradient = np.asarray(from_rows) + vectors @ (hidden.T @ (q[:, None] * hidden))
    return np.asarray(gradient - np.einsum("nd,nd->n", gradient, vectors)[:, None] * vectors, np.float32)
