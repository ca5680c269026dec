"""The outcomes of a contest, one line a model: means and spreads over seeds, and tests on the same users."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.evaluation.ranking import Comparison, Ranking, compare_rankings
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


def standings(outcomes: Sequence[Outcome], metric: str) -> list[Standing]:
    """Return one standing a model, in the order in which they came; `metric` is kept for each user."""
    models = dict.fromkeys(outcome.entry.label for outcome in outcomes)
    return [_standing([one for one in outcomes if one.entry.label == model], metric) for model in models]


def against_the_best(places: Sequence[Standing], metric: str) -> list[Comparison]:
    """Compare every model with the one with the highest `metric`, on the same users; none if it is alone."""
    best = max(places, key=lambda place: place.metrics[metric])
    if len(places) < 2 or len(best.per_user) < 2:
        return []
    rankings = {place.model: Ranking(per_user={metric: place.per_user}, coverage={}) for place in places}
    return compare_rankings(rankings, metric, baseline=best.model)


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
