"""Session neighbours and rules with trends and reminders (the signals of Jannach, Ludewig & Lerche, 2017)."""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.kernels import kernel
from equipoise.models.dense import DenseScorer
from equipoise.models.item_item import SparseItems
from equipoise.models.learner import TopK
from equipoise.models.neighbours.borrowed_rules import BorrowedRules
from equipoise.models.neighbours.sequential_rules import SequentialRules
from equipoise.models.neighbours.session_knn import SessionKNN, SessionKNNScorer, strongest_places
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBlend:
    """Session neighbours and rules, as they trend, and what was met in the session itself.

    The score of an item i is

        trend_i^trend (knn + rules_weight rules + borrowed_weight borrowed) + reminder

    with the scores of the three parts, and trend_i how much more than before i is met in the newest tenth
    of the sessions. An item of the history that was met last `age` items before its newest has the reminder
    ``reminder_weight reminder_decay^age``, any other 0: shoppers go back to what they have just seen. Where
    what was seen is left out anyway, reminders do nothing.
    """

    knn: SessionKNN = field(default_factory=SessionKNN)
    rules: SequentialRules = field(default_factory=lambda: SequentialRules(decay=0.3))
    borrowed: BorrowedRules = field(default_factory=BorrowedRules)
    rules_weight: float = 0.15
    borrowed_weight: float = 1.0
    trend: float = 0.1
    reminder_weight: float = 0.8
    reminder_decay: float = 0.8

    def __post_init__(self) -> None:
        if not min(self.rules_weight, self.borrowed_weight, self.trend, self.reminder_weight) >= 0:
            raise BadInputError("session_blend", "the weights and trend must be at least 0")
        if not 0 <= self.reminder_decay <= 1:
            raise BadInputError("reminder_decay", f"must be from 0 to 1, is {self.reminder_decay}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "SessionBlendScorer":
        """Fit the parts; those of weight 0 are fitted on nothing."""
        nothing = data.where(np.zeros(len(data), np.bool_))
        knn = self.knn.fit(data, rng=rng)
        return SessionBlendScorer(
            knn=knn,
            rules=self.rules.fit(data if self.rules_weight > 0 else nothing, rng=rng),
            borrowed=self.borrowed.fit(data if self.borrowed_weight > 0 else nothing, rng=rng),
            trends=np.asarray(knn.past.trends() ** self.trend, np.float32),
            rules_weight=self.rules_weight,
            borrowed_weight=self.borrowed_weight,
            reminder_weight=self.reminder_weight,
            reminder_decay=self.reminder_decay,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBlendScorer(DenseScorer):
    """The fitted parts and what each counts; `trends` (n_items,) multiplies all but the reminders."""

    knn: SessionKNNScorer
    rules: SparseItems
    borrowed: SparseItems
    trends: Floats
    rules_weight: float
    borrowed_weight: float
    reminder_weight: float
    reminder_decay: float

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return self.knn.n_items

    def score(self, histories: Histories) -> Floats:
        """Return the weighted sum of the parts, (n, n_items)."""
        known = histories.known(self.n_items)
        scores = self.knn.score(known)
        for table, shares in self._tables(known):
            _add_rules(known.items, known.offsets, table.indptr, table.indices, table.data, shares, scores)
        scores *= self.trends
        _add_reminders(known.items, known.offsets, self._reminders(known), scores)
        return scores

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most."""
        known = histories.known(self.n_items)
        inside = (items >= 0) & (items < self.n_items)
        wanted = np.where(inside, items, 0)[known.rows()]
        causes = self.knn.causes(known, items)
        for table, shares in self._tables(known):
            causes += shares * np.asarray(table[known.items, wanted]).ravel()
        causes = causes * self.trends[wanted] + self._reminders(known) * (known.items == wanted)
        return strongest_places(known, causes * inside[known.rows()], k)

    def _tables(self, known: Histories) -> list[tuple[sparse.csr_matrix, Floats]]:
        """Return both tables of rules, and by how much those of each place count, (total,)."""
        return [
            (self.rules.weights, self.rules_weight * _fresh(known, self.rules.decay)),
            (self.borrowed.weights, self.borrowed_weight * _fresh(known, self.borrowed.decay)),
        ]

    def _reminders(self, known: Histories) -> Floats:
        return self.reminder_weight * _fresh(known, self.reminder_decay)


def _fresh(histories: Histories, decay: float) -> Floats:
    """Return `decay` ** (how many came after) for the newest place of each item, else 0, (total,)."""
    ages = np.repeat(histories.offsets[1:], histories.lengths()) - 1 - np.arange(len(histories.items))
    return np.asarray(_newest(histories.items, histories.offsets) * decay**ages)


@kernel
def _newest(items: Ints, offsets: Ints) -> Bools:
    """Return the places of the histories whose item does not come again later, (total,)."""
    newest = np.ones(len(items), np.bool_)
    for row in range(len(offsets) - 1):
        for place in range(offsets[row], offsets[row + 1]):
            for later in range(place + 1, offsets[row + 1]):
                if items[later] == items[place]:
                    newest[place] = False
                    break
    return newest


@kernel
def _add_rules(
    items: Ints,
    offsets: Ints,
    rule_offsets: Ints,
    rule_items: Ints,
    rule_weights: Floats,
    shares: Floats,
    scores: Floats,
) -> None:
    """Add to `scores` (n, n_items) the rules of each place of the histories, times its share (total,)."""
    for row in range(len(offsets) - 1):
        for place in range(offsets[row], offsets[row + 1]):
            if shares[place] > 0:
                for rule in range(rule_offsets[items[place]], rule_offsets[items[place] + 1]):
                    scores[row, rule_items[rule]] += shares[place] * rule_weights[rule]


@kernel
def _add_reminders(items: Ints, offsets: Ints, reminders: Floats, scores: Floats) -> None:
    """Add to `scores` (n, n_items) what each place of the histories adds to its own item, (total,)."""
    for row in range(len(offsets) - 1):
        for place in range(offsets[row], offsets[row + 1]):
            scores[row, items[place]] += reminders[place]
