"""Stacking (Wolpert, 1992) by gradient-boosted trees that rank (LambdaMART; Burges, 2010), with LightGBM.

The models propose their best items; trees put them in order by each model's score and rank and a few plain
facts of the history and the item. The trees are grown on later data that the models had not met.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer, pick
from equipoise.models.fusion.evidence import Evidence
from equipoise.models.fusion.parts import default_learners, fitted, shared_size
from equipoise.models.fusion.reasons import shared
from equipoise.models.fusion.shortlist import chosen, shortlist
from equipoise.models.fusion.standard import standardised
from equipoise.models.fusion.trees import Growth, Trees
from equipoise.models.fusion.validation import Later, LaterDays
from equipoise.models.learner import Learner, Scorer, TopK
from equipoise.types import Floats, Ints

_TIE = np.float32(1e-4)
"""What the mean of the models' scores adds to what the trees say: an order for rows of the same leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacking:
    """Ranks the best `candidates` of each of `learners` by trees grown as `growth` says.

    The trees learn from `later` data, of at most `users` questions drawn at random: where users are sessions
    that ended long ago, `NewestSessions`. Each learner is then fitted twice: on what came before, to learn
    how far to trust it, and on everything. With `repeats`, items of the history are candidates too.
    """

    learners: Mapping[str, Learner] = field(default_factory=default_learners)
    later: Later = field(default_factory=LaterDays)
    candidates: int = 100
    users: int = 20_000
    growth: Growth = field(default_factory=Growth)
    repeats: bool = False

    def __post_init__(self) -> None:
        if not self.learners or min(self.candidates, self.users) < 1:
            raise BadInputError("stacking", "needs learners, and candidates and users above 0")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "StackingScorer":
        """Grow the trees, then fit the parts on everything."""
        trees = self._trees(data, rng)
        return StackingScorer(
            scorers=fitted(self.learners, data, rng=rng),
            evidence=Evidence.of(data),
            trees=trees,
            candidates=self.candidates,
            repeats=self.repeats,
        )

    def _trees(self, data: Interactions, rng: np.random.Generator) -> Trees | None:
        later = self.later.hold_out(data, repeats=self.repeats)
        if len(later.asked) == 0:
            return None
        scorers = fitted(self.learners, later.train, rng=rng)
        asked = later.asked.take(np.sort(rng.permutation(len(later.asked))[: self.users]))
        lists = shortlist(scorers, asked.histories, self.candidates, repeats=self.repeats)
        facts = Evidence.of(later.train).about(lists, asked.histories)
        return self.growth.grow(facts, lists.wanted(asked.targets), lists.items.lengths(), rng=rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackingScorer(DenseScorer):
    """Fitted `scorers` by name, and the `trees` that order the best `candidates` of each.

    What is no candidate comes below those that are, in the order of the mean of the standardised scores.
    """

    scorers: Mapping[str, Scorer]
    evidence: Evidence
    trees: Trees | None
    candidates: int
    repeats: bool

    def __post_init__(self) -> None:
        shared_size(self.scorers, "stacking")

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return next(iter(self.scorers.values())).n_items

    def score(self, histories: Histories) -> Floats:
        """Return what the trees say of the candidates, and below it the rest, (n, n_items)."""
        parts = [standardised(scorer.score(histories)) for scorer in self.scorers.values()]
        rest = np.asarray(np.mean(parts, axis=0), np.float32)
        lists = chosen(parts, histories, self.candidates, repeats=self.repeats)
        if self.trees is None or len(lists.items.items) == 0:
            return rest
        rows, items = lists.items.rows(), lists.items.items
        said = self.trees.predict(self.evidence.about(lists, histories)) + _TIE * rest[rows, items]
        return _below(said, rows, items, rest)

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most.

        A model counts by how far above its mean it scores the item; trees say nothing of the history's items.
        """
        place = items[:, None]
        above = [
            (scorer, np.maximum(pick(standardised(scorer.score(histories)), place).ravel(), 0.0))
            for scorer in self.scorers.values()
        ]
        return shared(above, histories, items, k)


def _below(said: Floats, rows: Ints, items: Ints, rest: Floats) -> Floats:
    """Return what was `said` of `items` in `rows`, and `rest` (n, n_items) moved below it."""
    lowest = np.zeros(len(rest), np.float32)
    np.minimum.at(lowest, rows, said)
    scores: Floats = rest - rest.max(axis=1, keepdims=True) + (lowest - 1.0)[:, None]
    scores[rows, items] = said
    return scores
