"""Session neighbours, sequential rules and reminders as one score (after Jannach, Ludewig & Lerche, 2017)."""

from dataclasses import dataclass, field

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.kernels import kernel
from equipoise.models.dense import DenseScorer
from equipoise.models.item_item import SparseItems
from equipoise.models.learner import TopK
from equipoise.models.neighbours.sequential_rules import SequentialRules
from equipoise.models.neighbours.session_knn import SessionKNN, SessionKNNScorer, strongest_places
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBlend:
    """The score of `knn`, plus `rules_weight` times that of `rules`, plus a reminder of what was met.

    An item of the history that was met last `age` items before the newest gets `reminder_weight` *
    `reminder_decay` ** `age` more: shoppers go back to what they have just seen. Where what was seen is
    left out anyway, reminders do nothing.
    """

    knn: SessionKNN = field(default_factory=SessionKNN)
    rules: SequentialRules = field(default_factory=SequentialRules)
    rules_weight: float = 0.15
    reminder_weight: float = 0.8
    reminder_decay: float = 0.8

    def __post_init__(self) -> None:
        if not (self.rules_weight >= 0 and self.reminder_weight >= 0 and 0 <= self.reminder_decay <= 1):
            raise BadInputError("session_blend", "weights must be at least 0, and reminder_decay from 0 to 1")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "SessionBlendScorer":
        """Fit both parts."""
        return SessionBlendScorer(
            knn=self.knn.fit(data, rng=rng),
            rules=self.rules.fit(data, rng=rng),
            rules_weight=self.rules_weight,
            reminder_weight=self.reminder_weight,
            reminder_decay=self.reminder_decay,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBlendScorer(DenseScorer):
    """The fitted parts, and what each counts."""

    knn: SessionKNNScorer
    rules: SparseItems
    rules_weight: float
    reminder_weight: float
    reminder_decay: float

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return self.knn.n_items

    def score(self, histories: Histories) -> Floats:
        """Return the weighted sum of the parts, (n, n_items)."""
        scores = self.knn.score(histories)
        known = histories.known(self.n_items)
        ruling, reminding = self._shares(known)
        rules = self.rules.weights
        _add(known.items, known.offsets, rules.indptr, rules.indices, rules.data, ruling, reminding, scores)
        return scores

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most."""
        known = histories.known(self.n_items)
        wanted = np.where((items >= 0) & (items < self.n_items), items, PADDING)[known.rows()]
        ruling, reminding = self._shares(known)
        rules = np.asarray(self.rules.weights[known.items, np.maximum(wanted, 0)]).ravel()
        added = np.where(wanted >= 0, ruling * rules, 0.0) + reminding * (known.items == wanted)
        return strongest_places(known, self.knn.causes(known, items) + added, k)

    def _shares(self, histories: Histories) -> tuple[Floats, Floats]:
        """Return by how much the rules and the reminder of each place count, (total,) each.

        Only the newest place of an item counts.
        """
        newest = _newest(histories.items, histories.offsets)
        ages = np.repeat(histories.offsets[1:], histories.lengths()) - 1 - np.arange(len(newest))
        return (
            newest * self.rules_weight * self.rules.decay**ages,
            newest * self.reminder_weight * self.reminder_decay**ages,
        )


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
def _add(
    items: Ints,
    offsets: Ints,
    rule_offsets: Ints,
    rule_items: Ints,
    rule_weights: Floats,
    ruling: Floats,
    reminding: Floats,
    scores: Floats,
) -> None:
    """Add `ruling` (total,) times the rules of each place and its `reminding` (total,) to `scores`."""
    for row in range(len(offsets) - 1):
        for place in range(offsets[row], offsets[row + 1]):
            item = items[place]
            scores[row, item] += reminding[place]
            if ruling[place] > 0:
                for rule in range(rule_offsets[item], rule_offsets[item + 1]):
                    scores[row, rule_items[rule]] += ruling[place] * rule_weights[rule]
