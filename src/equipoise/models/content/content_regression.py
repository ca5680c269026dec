"""Likeness of items learnt from their features (FBSM: Sharma, Zhou, Hu & Karypis, 2015), in closed form.

What item i in a history says of item j is f_i' W f_j. Where neighbours by content can only match a word with
itself, W learns that shampoo leads to conditioner. With p_t the aged sum of the features of what a user met
before place t, e the item met there, and F the features of all items, W minimises ::

    sum_t | e - F W' p_t |^2 + reg |W|^2,   so   G W H + reg W = Q,

G = sum p_t p_t', H = F'F, Q = sum p_t f_t', which the eigenvectors of G and H solve. An item never stands on
both sides, so none predicts itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.histories import PADDING, Histories
from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.item_item import strongest
from equipoise.models.learner import TopK
from equipoise.models.space import Between, tunable
from equipoise.progress import track
from equipoise.types import Floats, Ints

_USERS = 2048
_LONGEST = 200
"""Of longer histories the newest items are learnt from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRegression:
    """Ridge regression of the next item's features on those of a history, aged by `decay` a place.

    Time grows with the interactions and the square of the number of features, memory with that square.
    """

    content: ItemContent | None = None
    reg: float = tunable(1000.0, Between(1.0, 10_000.0, log=True))
    decay: float = tunable(0.8, Between(0.3, 1.0))

    def __post_init__(self) -> None:
        if not self.reg > 0 or not 0 < self.decay <= 1:
            raise BadInputError("content_regression", "reg must be above 0 and decay in (0, 1]")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "ContentRegressionScorer":
        """Solve; raise `BadInputError` where there is no content. `rng` is not used."""
        if self.content is None:
            raise BadInputError(
                "content", "content_regression needs it: ContentRegression(content=ItemContent.of_tags(…))"
            )
        rows = self.content.checked(data.n_items)
        before, onto = self._moments(data.histories(), rows)
        weights = _solved(before, (rows.T @ rows).toarray(), onto, self.reg)
        return ContentRegressionScorer(content=rows, weights=weights, decay=self.decay)

    def _moments(self, histories: Histories, rows: sparse.csr_matrix) -> tuple[Floats, Floats]:
        """Return G and Q, (n_terms, n_terms) each."""
        n_terms = rows.shape[1]
        before, onto = np.zeros((n_terms, n_terms)), np.zeros((n_terms, n_terms))
        for places in track(list(_alike_in_length(histories)), "content_regression"):
            past = np.zeros((len(places), n_terms), np.float32)
            for items in places.T:
                met = np.flatnonzero(items != PADDING)
                now = rows[items[met]]
                before += past[met].T @ past[met]
                onto += (now.T @ past[met]).T
                past *= np.float32(self.decay)
                past[met] += now.toarray()
        return before, onto


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRegressionScorer(DenseScorer):
    """`content` (n_items, n_terms) F, `weights` (n_terms, n_terms) W."""

    content: sparse.csr_matrix
    weights: Floats
    decay: float

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return int(self.content.shape[0])

    def score(self, histories: Histories) -> Floats:
        """Return the aged sum of f_i' W f_j over the distinct items i of each history, (n, n_items)."""
        past = (histories.matrix(self.n_items, self.decay) @ self.content).toarray()
        return np.ascontiguousarray((self.content @ (past @ self.weights).T).T, np.float32)

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most."""
        return strongest(histories.matrix(self.n_items, self.decay), items, self.n_items, k, self._weight)

    def _weight(self, met: Ints, item: int) -> Floats:
        leads_to = self.content[item] @ self.weights.T
        return np.asarray(self.content[met] @ leads_to.ravel())


def _alike_in_length(histories: Histories) -> Iterator[Ints]:
    """Yield the newest items of users of similar length, left-padded, (at most _USERS, longest)."""
    lengths = histories.lengths()
    order = np.argsort(lengths, kind="stable")
    for start in range(0, len(order), _USERS):
        users = order[start : start + _USERS]
        yield histories.take(users).padded(min(int(lengths[users].max()), _LONGEST))


def _solved(before: Floats, gram: Floats, onto: Floats, reg: float) -> Floats:
    """Return W of G W H + reg W = Q, through the eigenvectors of G and H."""
    left, one = np.linalg.eigh(before)
    right, two = np.linalg.eigh(gram.astype(np.float64))
    spread = np.outer(np.maximum(left, 0), np.maximum(right, 0)) + reg
    return np.asarray(one @ ((one.T @ onto @ two) / spread) @ two.T, np.float32)
