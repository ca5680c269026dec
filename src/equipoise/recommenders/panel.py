"""Several models asked at once: their standardised scores, and the blend of them."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.learner import Scorer, TopK
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Fitted scorers by name with the weight of each; `relative` names the one that judges similarity."""

    scorers: dict[str, Scorer]
    weights: dict[str, float]
    relative: str

    def __post_init__(self) -> None:
        if not self.scorers or self.scorers.keys() != self.weights.keys():
            raise BadInputError("weights", "name one weight for each scorer, and at least one scorer")
        if len({scorer.n_items for scorer in self.scorers.values()}) != 1:
            raise BadInputError("scorers", "know different numbers of items; fit them on the same data")
        if self.relative not in self.scorers:
            raise BadInputError("relative", f"'{self.relative}' is not one of {', '.join(self.scorers)}")

    @property
    def n_items(self) -> int:
        """The number of items that every scorer knows."""
        return next(iter(self.scorers.values())).n_items

    def parts(self, histories: Histories) -> Floats:
        """Return every model's scores, each row of mean 0 and deviation 1, (p, n, n_items)."""
        return np.stack([standardised(scorer.score(histories)) for scorer in self.scorers.values()])

    def blend(self, parts: Floats) -> Floats:
        """Return the weighted sum over models of `parts` (p, …), (…)."""
        weights = np.fromiter(self.weights.values(), np.float32)
        return np.asarray(np.tensordot(weights, parts, axes=1))

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the `k` items most similar to each of `items`, as the model `relative` sees it."""
        return self.scorers[self.relative].similar(items, k)


def standardised(scores: Floats) -> Floats:
    """Return `scores` (n, m) with each row of mean 0 and deviation 1, 0 where a row is constant."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.einsum("nm,nm->n", centred, centred) / scores.shape[1])
    scale = np.where(deviation > 1e-12, deviation, np.inf)
    return np.asarray(centred / scale[:, None], np.float32)
