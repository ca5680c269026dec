"""Fit several rankers on the early part of the rows, and judge each on the late part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

from equipoise.data.impressions import RankingRows
from equipoise.errors import BadInputError
from equipoise.evaluation.prediction import Figure, Judge
from equipoise.models.rankers.ranker import RankerLearner
from equipoise.progress import report
from equipoise.random import derive
from equipoise.training.meter import metered
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRanker:
    """A learner and how it is called in tables."""

    label: str
    learner: RankerLearner


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What one ranker did under one seed; `figures` by target and metric, `predicted` (n, targets)."""

    model: str
    seed: int
    figures: Mapping[str, Mapping[str, Figure]]
    predicted: Floats
    fit_seconds: float
    score_seconds: float
    peak_memory_mb: float

    def row(self) -> dict[str, Any]:
        """Return it as JSON values; None where a metric has no value."""
        return {
            "model": self.model,
            "seed": self.seed,
            "metrics": {
                target: {name: _told(figure) for name, figure in found.items()}
                for target, found in self.figures.items()
            },
            "fit_seconds": round(self.fit_seconds, 3),
            "score_seconds": round(self.score_seconds, 3),
            "peak_memory_mb": round(self.peak_memory_mb, 1),
        }


def judges(asked: RankingRows, *, draws: int = 200) -> Mapping[str, Judge]:
    """Return what judges each target of `asked`."""
    return {
        target: Judge(outcomes=asked.targets[:, at].astype(float), users=asked.users, draws=draws)
        for at, target in enumerate(asked.schema.targets)
    }


def rank(
    train: RankingRows,
    asked: RankingRows,
    rankers: Sequence[NamedRanker],
    *,
    seeds: Sequence[int],
    draws: int = 200,
) -> Iterator[Ranked]:
    """Yield what each ranker, fitted on `train` under each seed, did on `asked`."""
    if len(train) == 0 or len(asked) == 0:
        raise BadInputError("DATA", "one of the parts has no row; take larger shares, or a smaller gap")
    by_target = judges(asked, draws=draws)
    for at, named in enumerate(rankers, start=1):
        for seed in seeds:
            yield _ranked(named, train, asked, by_target, seed)
        report("rankers", at, len(rankers), named.label)


def _ranked(
    named: NamedRanker, train: RankingRows, asked: RankingRows, by_target: Mapping[str, Judge], seed: int
) -> Ranked:
    with metered() as cost:
        fitted = named.learner.fit(train, rng=derive(seed, named.label))
    begun = perf_counter()
    predicted = fitted.predict(asked)
    scored = perf_counter() - begun
    return Ranked(
        model=named.label,
        seed=seed,
        figures={
            target: judge.figures(predicted[:, at]) for at, (target, judge) in enumerate(by_target.items())
        },
        predicted=predicted,
        fit_seconds=cost.seconds,
        score_seconds=scored,
        peak_memory_mb=cost.memory_mb,
    )


def _told(figure: Figure) -> dict[str, float | None]:
    return {name: value if value == value else None for name, value in asdict(figure).items()}
