"""The outcomes of a contest, one line a model: means and spreads over seeds, and tests on the same users."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtr

from equipoise.evaluation.ranking import NORMAL_95
from equipoise.training.contest import Outcome
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A model over all its seeds and folds: the mean of each metric, and its spread over seeds.

    `spreads` are standard deviations, 0 for a single seed. `per_user` (users,) is the metric that ranks the
    models, over the seeds' mean, for every user that was asked. Seconds and memory are those of the slowest.
    """

    model: str
    metrics: dict[str, float]
    spreads: dict[str, float]
    per_user: Floats
    fit_seconds: float
    score_seconds: float
    peak_memory_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The mean of `first` less that of `second` on the same users, its 95% interval, and p (paired t)."""

    first: str
    second: str
    metric: str
    difference: float
    low: float
    high: float
    p: float

    def row(self) -> dict[str, Any]:
        """Return it as JSON values."""
        names = ("first", "second", "metric", "difference", "low", "high", "p")
        return {name: getattr(self, name) for name in names}


def standings(outcomes: Sequence[Outcome], metric: str) -> list[Standing]:
    """Return one standing a model, in the order in which they came; `metric` is kept for each user."""
    models = dict.fromkeys(outcome.entry.label for outcome in outcomes)
    return [_standing([one for one in outcomes if one.entry.label == model], metric) for model in models]


def against_the_best(places: Sequence[Standing], metric: str) -> list[Comparison]:
    """Compare the model with the highest `metric` with each of the others."""
    best = max(places, key=lambda place: place.metrics[metric])
    return [_compared(best, other, metric) for other in places if other is not best]


def _standing(mine: Sequence[Outcome], metric: str) -> Standing:
    by_seed = {outcome.seed: [one for one in mine if one.seed == outcome.seed] for outcome in mine}
    means = [_means(folds) for folds in by_seed.values()]
    kept = [np.concatenate([one.ranking.per_user[metric] for one in folds]) for folds in by_seed.values()]
    return Standing(
        model=mine[0].entry.label,
        metrics={name: float(np.mean([each[name] for each in means])) for name in means[0]},
        spreads={
            name: float(np.std([each[name] for each in means], ddof=1)) if len(means) > 1 else 0.0
            for name in means[0]
        },
        per_user=np.mean(kept, axis=0),
        fit_seconds=max(one.fit_seconds for one in mine),
        score_seconds=max(one.score_seconds for one in mine),
        peak_memory_mb=max(one.peak_memory_mb for one in mine),
    )


def _means(folds: Sequence[Outcome]) -> dict[str, float]:
    """Return the mean of each metric over the folds, every user counting alike."""
    users = [one.row()["users"] for one in folds]
    told = [one.ranking.means() for one in folds]
    return {name: float(np.average([each[name] for each in told], weights=users)) for name in told[0]}


def _compared(best: Standing, other: Standing, metric: str) -> Comparison:
    gaps = best.per_user - other.per_user
    mean, n = float(gaps.mean()), len(gaps)
    error = float(gaps.std(ddof=1)) / n**0.5 if n > 1 else 0.0
    p = float(2 * stdtr(n - 1, -abs(mean) / error)) if error > 0 else float(mean == 0.0)
    return Comparison(
        first=best.model,
        second=other.model,
        metric=metric,
        difference=mean,
        low=mean - NORMAL_95 * error,
        high=mean + NORMAL_95 * error,
        p=p,
    )
