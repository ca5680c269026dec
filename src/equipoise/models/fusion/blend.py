"""Several models as one: a weighted sum of their standardised scores, with weights fitted on later data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut, days_before_end, split_by_time
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.fusion.weights import fit_weights, standardised
from equipoise.models.learner import Learner, Scorer
from equipoise.models.linear.ease import EASE
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neural.sasrec import SASRec
from equipoise.models.popularity import Popularity
from equipoise.types import Floats

CELLS = 10_000_000
"""Users times items times models by which weights are fitted, at most."""


def _default() -> dict[str, Learner]:
    return {"popularity": Popularity(), "item_knn": ItemKNN(), "ease": EASE(), "sasrec": SASRec()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """Blends `learners`, by name; the weights are fitted on the newest `validation_days` of the data.

    Each learner is fitted twice: on what came before, to weigh it, and on everything.
    """

    learners: Mapping[str, Learner] = field(default_factory=_default)
    validation_days: float = 28.0

    def __post_init__(self) -> None:
        if not self.learners or not self.validation_days > 0:
            raise BadInputError("blend", "needs learners, and validation_days above 0")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "BlendScorer":
        """Fit the weights, then the parts."""
        weights = self.fit_weights(data, rng=rng)
        parts = {name: learner.fit(data, rng=rng) for name, learner in self.learners.items()}
        return BlendScorer(scorers=parts, weights=weights)

    def fit_weights(self, data: Interactions, *, rng: np.random.Generator) -> dict[str, float]:
        """Return the weight of each learner; equal ones where the data are too few to tell."""
        equal = dict.fromkeys(self.learners, 1 / len(self.learners))
        try:
            split = split_by_time(data, days_before_end(data, self.validation_days))
        except BadInputError:
            return equal
        scorers = {name: learner.fit(split.train, rng=rng) for name, learner in self.learners.items()}
        return weigh(scorers, split.unseen, rng=rng)


def weigh(scorers: Mapping[str, Scorer], asked: HeldOut, *, rng: np.random.Generator) -> dict[str, float]:
    """Return the weights of fitted `scorers` that suit `asked` best; they are at least 0 and sum to 1."""
    n_items = next(iter(scorers.values())).n_items
    most = max(1, CELLS // (n_items * len(scorers)))
    some = asked.take(np.sort(rng.permutation(len(asked))[:most]))
    parts = [standardised(scorer.score(some.histories)) for scorer in scorers.values()]
    weights = fit_weights(np.stack(parts, axis=2), some)
    return {name: float(weight) for name, weight in zip(scorers, weights, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlendScorer(DenseScorer):
    """Fitted `scorers` and their `weights`, by the same names."""

    scorers: Mapping[str, Scorer]
    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        sizes = {scorer.n_items for scorer in self.scorers.values()}
        if self.scorers.keys() != self.weights.keys() or len(sizes) != 1:
            raise BadInputError(
                "blend", "scorers and weights must have the same names, and score the same items"
            )

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return next(iter(self.scorers.values())).n_items

    def parts(self, histories: Histories) -> dict[str, Floats]:
        """Return the standardised scores of each model by name, (n, n_items) each."""
        return {name: standardised(scorer.score(histories)) for name, scorer in self.scorers.items()}

    def combine(self, parts: Mapping[str, Floats]) -> Floats:
        """Return the blend of `parts`, (n, n_items)."""
        terms = [np.float32(self.weights[name]) * part for name, part in parts.items()]
        return np.asarray(np.sum(terms, axis=0), np.float32)

    def score(self, histories: Histories) -> Floats:
        """Return the weighted sum of the standardised scores, (n, n_items)."""
        return self.combine(self.parts(histories))
