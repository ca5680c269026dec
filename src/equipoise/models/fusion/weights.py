"""How much each model of a blend counts: coordinate ascent on the metric itself (Metzler & Croft, 2007).

The weights lie on the simplex. One model after another is given the share by which later data rank best, the
others keeping their proportions, until none gains. What is raised is the gain in mean NDCG over equal weights
less its standard error over users (paired), so that a few lucky users do not outweigh a sound average.
Likelihoods are smoother, but weigh the models by how well they order the thousands of items that nobody will
ever be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.models.fusion.shortlist import Shortlist, padded
from equipoise.types import Floats, Ints

_SHARES = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_PASSES = 10
_NEVER = -1e6


def fit_weights(lists: Shortlist, targets: Histories, k: int = 20) -> Floats:
    """Return the weights (p,), at least 0 and summing to 1, by which `targets` come highest in `lists`.

    They are equal where no list holds a target.
    """
    p = lists.scores.shape[1]
    weights = np.full(p, 1 / p)
    judge = _Judge.of(lists, targets, k)
    if p == 1 or len(judge.rows) == 0:
        return weights
    equal, best = judge.ndcg(weights), 0.0
    for _ in range(_PASSES):
        before = best
        for part in range(p):
            for share in _SHARES:
                tried = _with_share(weights, part, share)
                value = judge.surely(judge.ndcg(tried) - equal)
                if value > best + 1e-9:
                    best, weights = value, tried
        if best == before:
            break
    return weights


def _with_share(weights: Floats, part: int, share: float) -> Floats:
    """Return `weights` with `share` for `part` and the rest among the others as it was."""
    others = np.where(np.arange(len(weights)) == part, 0.0, weights)
    if others.sum() == 0:
        others = np.where(np.arange(len(weights)) == part, 0.0, 1.0)
    changed = (1 - share) * others / max(float(others.sum()), 1e-12)
    changed[part] = share
    return np.asarray(changed / changed.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """`parts`, p times (m, longest list) of the m of `n` users whose list holds a target.

    Target t is at `places[t]` of list `rows[t]`, and adds `gains[t]` to NDCG if it is first.
    """

    parts: Sequence[Floats]
    rows: Ints
    places: Ints
    gains: Floats
    n: int
    k: int

    @classmethod
    def of(cls, lists: Shortlist, targets: Histories, k: int) -> "_Judge":
        wanted = lists.wanted(targets)
        hit = np.flatnonzero(np.bincount(lists.items.rows(), wanted, len(lists)) > 0)
        some = lists.take(hit)
        rows, places = np.nonzero(padded(wanted[lists.cells(hit)], some.items, 0) > 0)
        ideal = np.cumsum(1 / np.log2(np.arange(k) + 2))
        sizes = np.minimum(targets.lengths(), k)
        return cls(
            parts=[padded(part, some.items, _NEVER) for part in some.scores.T],
            rows=rows,
            places=places,
            gains=1 / ideal[sizes[hit] - 1][rows],
            n=len(lists),
            k=k,
        )

    def ndcg(self, weights: Floats) -> Floats:
        """Return the NDCG at k of the blend for each of the m users; equal scores share their mean rank."""
        terms = [np.float32(weight) * part for weight, part in zip(weights, self.parts, strict=True)]
        rivals = np.sum(terms, axis=0)[self.rows]
        own = rivals[np.arange(len(self.rows)), self.places][:, None]
        rank = (rivals > own).sum(axis=1) + ((rivals == own).sum(axis=1) - 1) / 2
        gains = self.gains * (rank < self.k) / np.log2(rank + 2)
        return np.asarray(np.bincount(self.rows, gains, len(self.parts[0])), np.float64)

    def surely(self, gains: Floats) -> float:
        """Return the mean of `gains` (m,) over all n users, 0 for the rest, less its standard error."""
        mean = gains.sum() / self.n
        return float(mean - np.sqrt(max((gains @ gains) / self.n - mean**2, 0.0) / self.n))
