"""Several models as one: a weighted sum of their standardised scores, with weights fitted on later data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.fusion.parts import default_learners, fitted, shared_size
from equipoise.models.fusion.reasons import combined
from equipoise.models.fusion.shortlist import shortlist
from equipoise.models.fusion.standard import deviations, standardised
from equipoise.models.fusion.validation import Later, LaterDays
from equipoise.models.fusion.weights import fit_weights
from equipoise.models.learner import Learner, Scorer, TopK
from equipoise.types import Floats, Ints

MOST = 10_000
"""Users by whom weights are fitted, at most."""
LISTED = 100
"""Candidates of each model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """Blends `learners`, by name, with `weights` where given, or else with those that suit later data best.

    Each learner is then fitted twice: on what came before the `later` data, to weigh it, and on everything.
    """

    learners: Mapping[str, Learner] = field(default_factory=default_learners)
    later: Later = field(default_factory=LaterDays)
    weights: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if not self.learners:
            raise BadInputError("blend", "needs learners")
        if self.weights is not None and not _usable(self.weights, self.learners):
            raise BadInputError(
                "weights", f"give each of {', '.join(self.learners)} a number of at least 0, one above 0"
            )

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "BlendScorer":
        """Fit the weights, then the parts."""
        weights = self.fit_weights(data, rng=rng)
        return BlendScorer(scorers=fitted(self.learners, data, rng=rng), weights=weights)

    def fit_weights(self, data: Interactions, *, rng: np.random.Generator) -> dict[str, float]:
        """Return the weight of each learner; equal ones where the data are too few to tell."""
        if self.weights is not None:
            return {name: float(self.weights[name]) for name in self.learners}
        later = self.later.hold_out(data)
        if len(later.asked) == 0:
            return dict.fromkeys(self.learners, 1 / len(self.learners))
        return weigh(fitted(self.learners, later.train, rng=rng), later.asked, rng=rng)


def _usable(weights: Mapping[str, float], learners: Mapping[str, Learner]) -> bool:
    given = np.array(list(weights.values()), np.float64)
    return weights.keys() == learners.keys() and bool((given >= 0).all() and 0 < given.sum() < np.inf)


def weigh(scorers: Mapping[str, Scorer], asked: HeldOut, *, rng: np.random.Generator) -> dict[str, float]:
    """Return the weights of fitted `scorers` that suit `asked` best; they are at least 0 and sum to 1."""
    some = asked.take(np.sort(rng.permutation(len(asked))[:MOST]))
    weights = fit_weights(shortlist(scorers, some.histories, LISTED), some.targets)
    return {name: float(weight) for name, weight in zip(scorers, weights, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlendScorer(DenseScorer):
    """Fitted `scorers` and their `weights`, by the same names."""

    scorers: Mapping[str, Scorer]
    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        shared_size(self.scorers, "blend")
        if self.scorers.keys() != self.weights.keys():
            raise BadInputError("blend", "scorers and weights must have the same names")

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return next(iter(self.scorers.values())).n_items

    def parts(self, histories: Histories) -> dict[str, Floats]:
        """Return the standardised scores of each model by name, (n, n_items) each."""
        scores = np.stack([scorer.score(histories) for scorer in self.scorers.values()])
        return dict(zip(self.scorers, standardised(scores), strict=True))

    def combine(self, parts: Mapping[str, Floats]) -> Floats:
        """Return the blend of `parts`, (n, n_items)."""
        terms = [np.float32(self.weights[name]) * part for name, part in parts.items()]
        return np.asarray(np.sum(terms, axis=0), np.float32)

    def score(self, histories: Histories) -> Floats:
        """Return the weighted sum of the standardised scores, (n, n_items)."""
        return self.combine(self.parts(histories))

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most.

        What a model says is worth its weight over the deviation of its scores, as in the blend itself.
        """
        worth = [
            (scorer, self.weights[name] / deviations(scorer.score(histories)).ravel())
            for name, scorer in self.scorers.items()
        ]
        return combined(worth, histories, items, k)
