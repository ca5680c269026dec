"""Fits models on the past, asks them about the future, and says how each did and what it cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.data.split import Split
from equipoise.evaluation.ranking import Ranking, evaluate_ranking
from equipoise.models.learner import Learner, Scorer
from equipoise.random import derive
from equipoise.training.meter import metered


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One model on one split: `ranking` of unseen items, `with_repeats` of all, and the costs."""

    model: str
    seed: int
    scorer: Scorer
    ranking: Ranking
    with_repeats: Ranking
    fit_seconds: float
    score_seconds: float
    peak_memory_mb: float

    def row(self) -> dict[str, Any]:
        """Return the figures as JSON values; `intervals` are 95%, over users."""
        return {
            "model": self.model,
            "seed": self.seed,
            "metrics": self.ranking.means(),
            "intervals": {name: list(self.ranking.interval(name)) for name in self.ranking.per_user},
            "metrics_with_repeats": self.with_repeats.means(),
            "users": len(next(iter(self.ranking.per_user.values()))),
            "fit_seconds": self.fit_seconds,
            "score_seconds": self.score_seconds,
            "peak_memory_mb": self.peak_memory_mb,
        }


def evaluate_models(
    split: Split, learners: Mapping[str, Learner], *, ks: Sequence[int] = (10,), seed: int
) -> list[Measured]:
    """Fit each of `learners` on `split.train` and measure it on what came after.

    Each model has a stream of randomness of its own, so that its figures do not depend on the others.
    """
    return [_fit_and_measure(name, learner, split, ks, seed) for name, learner in learners.items()]


def _fit_and_measure(name: str, learner: Learner, split: Split, ks: Sequence[int], seed: int) -> Measured:
    with metered() as cost:
        scorer = learner.fit(split.train, rng=derive(seed, "fit", name))
    return measure(name, scorer, split, ks=ks, seed=seed, fit_seconds=cost.seconds, memory_mb=cost.memory_mb)


def measure(
    name: str,
    scorer: Scorer,
    split: Split,
    *,
    ks: Sequence[int],
    seed: int,
    fit_seconds: float,
    memory_mb: float,
) -> Measured:
    """Measure a fitted `scorer` on what came after the split."""
    with metered() as cost:
        ranking = evaluate_ranking(scorer, split.unseen, ks=ks, rng=derive(seed, "ties", name))
    repeats = evaluate_ranking(scorer, split.every, ks=ks, rng=derive(seed, "ties", name), exclude_seen=False)
    return Measured(
        model=name,
        seed=seed,
        scorer=scorer,
        ranking=ranking,
        with_repeats=repeats,
        fit_seconds=fit_seconds,
        score_seconds=cost.seconds,
        peak_memory_mb=max(memory_mb, cost.memory_mb),
    )
