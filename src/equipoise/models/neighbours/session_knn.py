"""Session neighbours: VS-kNN (Ludewig & Jannach, 2018) on the index of VMIS-kNN (Kersbergen et al., 2022).

Nearness inside a neighbour and the ageing of sessions are those of STAN (Garg et al., 2019).
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.learner import TopK
from equipoise.models.neighbours.fading import Fading, checked, faded
from equipoise.models.neighbours.past_sessions import PastSessions
from equipoise.models.neighbours.session_kernels import Tables, add_causes, add_rows
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import report
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKNN:
    """The items of the `n_neighbors` past sessions most like the current one, those near to it most.

    Of the sessions that met an item the newest `sample` are looked at. A session s is like the current
    one x by ::

        like(x, s) = fresh(s) / |s|^length  Σ_{j in x and s}  fade(age of j) log(1 + S / S_j)^rarity

    age: how many items of x came after j met last; ``|s|``: distinct items of s; S_j of the S sessions met j;
    fresh halves with every `half_life` of all sessions that came after s. An item i has the score ::

        Σ_s  like(x, s) near(s, i)  /  Σ_s like(x, s)

    over the neighbours, with near(s, i) = reach(d - 1) where i is d places after the newest item that s
    shares with x, `before` times that where it is d places before it. `fade` and `reach` are in places.
    """

    n_neighbors: int = tunable(200, Whole(50, 2000, log=True))
    sample: int = tunable(1000, Whole(200, 10_000, log=True))
    fading: Fading = "exponential"
    fade: float = tunable(2.0, Between(0.5, 10.0, log=True))
    reach: float = 6.0
    before: float = tunable(0.7, Between(0.0, 1.0))
    rarity: float = tunable(2.0, Between(0.0, 3.0))
    length: float = 0.25
    half_life: float = 0.5

    def __post_init__(self) -> None:
        if self.n_neighbors < 1 or self.sample < 1:
            raise BadInputError("session_knn", "n_neighbors and sample must be at least 1")
        if not (self.before >= 0 and self.rarity >= 0 and self.length >= 0):
            raise BadInputError("session_knn", "before, rarity and length must be at least 0")
        if not self.half_life > 0:
            raise BadInputError(
                "half_life", f"must be above 0 (inf: sessions do not age), is {self.half_life}"
            )
        checked("fade", self.fading, self.fade)
        checked("reach", self.fading, self.reach)

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "SessionKNNScorer":
        """Index the sessions; each user is one. `rng` is not used."""
        report("session_knn", 0, 1)
        past = PastSessions.of(data)
        report("session_knn", 1, 1)
        return SessionKNNScorer(
            past=past,
            worth=past.rarity() ** self.rarity,
            scale=past.freshness(self.half_life) / past.distinct**self.length,
            by_age=faded(self.fading, self.fade),
            after=faded(self.fading, self.reach),
            before=self.before,
            n_neighbors=self.n_neighbors,
            sample=self.sample,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKNNScorer(DenseScorer):
    """The sessions of the past; `worth` (n_items,) of a shared item, `scale` (S,) of a session.

    `by_age` and `after` are tables of what counts 0, 1, … places away.
    """

    past: PastSessions
    worth: Floats
    scale: Floats
    by_age: Floats
    after: Floats
    before: float
    n_neighbors: int
    sample: int

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return self.past.n_items

    def score(self, histories: Histories) -> Floats:
        """Return what the neighbours of each history met, (n, n_items); 0 where none met an item."""
        scores = np.zeros((len(histories), self.n_items), np.float32)
        known = histories.known(self.n_items)
        add_rows(known.items, known.offsets, self._tables(), scores)
        return scores

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history whose sharing raised the score of its item most."""
        known = histories.known(self.n_items)
        return strongest_places(known, self.causes(known, items), k)

    def causes(self, histories: Histories, items: Ints) -> Floats:
        """Return what each place of `histories` adds to the score of the item of its row, (total,).

        All items of the histories must be known.
        """
        causes = np.zeros(len(histories.items))
        wanted = np.where((items >= 0) & (items < self.n_items), items, PADDING)
        add_causes(histories.items, histories.offsets, self._tables(), wanted, causes)
        return causes

    def _tables(self) -> Tables:
        past = self.past
        return Tables(
            items=past.items,
            offsets=past.offsets,
            visits=past.visits,
            visit_offsets=past.visit_offsets,
            worth=self.worth,
            scale=self.scale,
            by_age=self.by_age,
            after=self.after,
            before=self.before,
            n_neighbors=self.n_neighbors,
            sample=self.sample,
        )


def strongest_places(histories: Histories, causes: Floats, k: int) -> TopK:
    """Return the `k` items of the places with the highest of `causes` (total,) in each history, above 0."""
    items = np.full((len(histories), k), PADDING, np.int64)
    added = np.full((len(histories), k), -np.inf, np.float32)
    for row in range(len(histories)):
        here = slice(*histories.offsets[row : row + 2])
        order = np.argsort(-causes[here], kind="stable")[:k]
        order = order[causes[here][order] > 0]
        items[row, : len(order)] = histories.items[here][order]
        added[row, : len(order)] = causes[here][order]
    return TopK(items, added)
