"""Graph filtering in closed form (GF-CF: Shen et al., 2021; Turbo-CF: Park et al., 2024)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.item_item import strongest
from equipoise.models.learner import TopK
from equipoise.models.neighbours.responses import Response, response_of
from equipoise.models.neighbours.spectrum import leading
from equipoise.models.space import Between, tunable
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFilter:
    """Smooths a history over the graph of items that share users; nothing is trained.

    With n_u and n_i the degrees, A = R̃ᵀR̃ for R̃_ui = n_u^-user_power n_i^-item_power, divided by the
    largest eigenvalue: the score of j is n_j^lift * sum over i in the history of h(A)_ij n_i^-lift. `lift`
    moves the discount of what many meet from the items scored to those of the history: 0 shares it alike,
    `item_power` leaves the items scored with none. `response` is h, by its name in `responses` or with
    settings of its own, exact at the `rank` largest eigenvalues.

    An item `age` places before the newest of a history counts `decay` ** `age`.
    """

    user_power: float = tunable(0.25, Between(0.0, 1.0))
    item_power: float = tunable(0.4, Between(0.0, 1.0))
    lift: float = tunable(0.3, Between(0.0, 2.0))
    response: str | Response = "ridge"
    rank: int = 256
    decay: float = tunable(1.0, Between(0.3, 1.0))

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise BadInputError("rank", f"must be at least 1, is {self.rank}")
        if not 0 < self.decay <= 1:
            raise BadInputError("decay", f"must be above 0 and at most 1, is {self.decay}")
        if not np.isfinite([self.user_power, self.item_power, self.lift]).all():
            raise BadInputError("graph_filter", "user_power, item_power and lift must be finite")
        response_of(self.response)

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "GraphFilterScorer":
        """Find the leading eigenvectors; the item-item matrix is never formed."""
        graph = self._graph(data.matrix())
        response = response_of(self.response)
        eigenvalues, vectors = leading(graph, self.rank if response.corrects else 1, rng)
        scale = max(float(eigenvalues.max(initial=0.0)), 1e-12)
        eigenvalues = eigenvalues / scale
        graph.data /= np.float32(np.sqrt(scale))
        coefficients = np.array(response.polynomial(float(eigenvalues.min(initial=1.0))), np.float32)
        gains = response.at(eigenvalues) - _polynomial(coefficients, eigenvalues)
        kept = np.abs(gains) > 1e-6
        return GraphFilterScorer(
            forth=graph.T.tocsr(),
            back=graph,
            coefficients=coefficients,
            vectors=np.ascontiguousarray(vectors[:, kept]),
            gains=gains[kept].astype(np.float32),
            lifts=(_degrees(graph, 0) ** self.lift).astype(np.float32),
            decay=self.decay,
        )

    def _graph(self, met: sparse.csr_matrix) -> sparse.csr_matrix:
        users, items = _degrees(met, 1) ** -self.user_power, _degrees(met, 0) ** -self.item_power
        rows = np.repeat(users, np.diff(met.indptr))
        parts = ((rows * items[met.indices]).astype(np.float32), met.indices, met.indptr)
        return sparse.csr_matrix(parts, shape=met.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFilterScorer(DenseScorer):
    """`back` (n_users, n_items) and its transpose `forth`, CSR: a step over the graph is x @ forth @ back.

    `coefficients` (steps,) of the polynomial in that step; `vectors` (n_items, rank) and `gains` (rank,)
    correct it; `lifts` (n_items,).
    """

    forth: sparse.csr_matrix
    back: sparse.csr_matrix
    coefficients: Floats
    vectors: Floats
    gains: Floats
    lifts: Floats
    decay: float

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.lifts)

    def score(self, histories: Histories) -> Floats:
        """Return the filtered histories, (n, n_items)."""
        met = histories.matrix(self.n_items, self.decay)
        met.data /= self.lifts[met.indices]
        return np.asarray(self._filtered(met) * self.lifts)

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most."""
        return strongest(histories.matrix(self.n_items, self.decay), items, self.n_items, k, self._weight)

    def _filtered(self, signals: sparse.csr_matrix) -> Floats:
        """Return h(A) of each row of `signals` (n, n_items)."""
        # The first step goes from few items: both products stay sparse.
        step = np.asarray((signals @ self.forth @ self.back).toarray(), np.float32)
        total: Floats = self.coefficients[0] * step
        for coefficient in self.coefficients[1:]:
            step = (self.forth @ (self.back @ step.T)).T
            total += coefficient * step
        if len(self.gains):
            total += ((signals @ self.vectors) * self.gains) @ self.vectors.T
        return total

    def _weight(self, met: Ints, item: int) -> Floats:
        alone = sparse.csr_matrix((np.ones(1, np.float32), ([0], [item])), shape=(1, self.n_items))
        return np.asarray(self._filtered(alone)[0, met] * self.lifts[item] / self.lifts[met])


def _degrees(matrix: sparse.csr_matrix, axis: int) -> Floats:
    """Return how many each row (axis 1) or column (axis 0) met, at least 1, float64."""
    met = np.diff(matrix.indptr) if axis == 1 else np.bincount(matrix.indices, minlength=matrix.shape[1])
    return np.maximum(met, 1).astype(np.float64)


def _polynomial(coefficients: Floats, at: Floats) -> Floats:
    powers = np.arange(1, len(coefficients) + 1)
    return np.asarray(at[:, None] ** powers @ coefficients.astype(np.float64))
