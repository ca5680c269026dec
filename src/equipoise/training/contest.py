"""Fits models on the same parts of the data, asks them the same questions, and says what each cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from equipoise.data.split import HeldOut
from equipoise.data.splits.parts import Parts
from equipoise.errors import BadInputError
from equipoise.evaluation.ranking import About, Ranking, evaluate_ranking
from equipoise.models.learner import Learner
from equipoise.random import derive
from equipoise.training.meter import metered

NOTHING = About()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A model in a contest: `label` tells it from the others, `settings` are those that were chosen."""

    label: str
    name: str
    learner: Learner
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How models are judged: lists of `ks` items, without what a user has met if `exclude_seen`.

    Where `questions` is not None, that many are drawn by `seed` and only they are asked.
    """

    ks: Sequence[int] = (10,)
    exclude_seen: bool = True
    questions: int | None = None
    seed: int = 7

    def asked(self, parts: Parts) -> HeldOut:
        """Return the questions of `parts` that are asked, the same for every model.

        Raises `BadInputError` where all targets had been met, and what was met is excluded.
        """
        every = parts.questions(exclude_seen=self.exclude_seen)
        if len(every) == 0:
            raise BadInputError(
                "--exclude-seen", "leaves nobody to ask: all had been met before; use --no-exclude-seen"
            )
        if self.questions is None or self.questions >= len(every):
            return every
        drawn = derive(self.seed, "questions").permutation(len(every))[: self.questions]
        drawn.sort()
        return every.take(drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one model did under one seed in one fold, and what it cost.

    `peak_memory_mb` is of the whole process, the data included.
    """

    entry: Entry
    seed: int
    fold: int
    ranking: Ranking
    fit_seconds: float
    score_seconds: float
    peak_memory_mb: float

    def row(self) -> dict[str, Any]:
        """Return the figures as JSON values; `intervals` are 95%, over users."""
        return {
            "model": self.entry.label,
            "settings": dict(self.entry.settings),
            "seed": self.seed,
            "fold": self.fold,
            "metrics": self.ranking.means(),
            "intervals": {name: list(self.ranking.interval(name)) for name in self.ranking.per_user},
            "users": len(next(iter(self.ranking.per_user.values()))),
            "fit_seconds": self.fit_seconds,
            "score_seconds": self.score_seconds,
            "peak_memory_mb": self.peak_memory_mb,
        }


def contest(
    parts: Parts,
    entries: Sequence[Entry],
    terms: Terms,
    *,
    seeds: Sequence[int],
    fold: int = 0,
    about: About = NOTHING,
) -> Iterator[Outcome]:
    """Yield how each of `entries` did under each of `seeds`, as they finish.

    `about` adds the metrics that need its facts. Each model has a stream of randomness of its own, so that
    its figures do not depend on the others.
    """
    asked = terms.asked(parts)
    return (
        judged(entry, parts, asked, terms, seed, fold=fold, about=about)
        for seed in seeds
        for entry in entries
    )


def judged(
    entry: Entry,
    parts: Parts,
    asked: HeldOut,
    terms: Terms,
    seed: int,
    *,
    fold: int = 0,
    about: About = NOTHING,
) -> Outcome:
    """Fit `entry` on what is learned from, and measure it on the questions `asked`."""
    with metered() as fitting:
        scorer = entry.learner.fit(parts.train, rng=derive(seed, "fit", entry.name))
    measure = partial(evaluate_ranking, scorer, ks=terms.ks, exclude_seen=terms.exclude_seen, about=about)
    # One question before the clock starts: what is compiled or loaded at the first call costs no scoring.
    measure(asked.first(1), rng=derive(seed, "warm"))
    with metered() as scoring:
        ranking = measure(asked, rng=derive(seed, "ties", entry.name))
    return Outcome(
        entry=entry,
        seed=seed,
        fold=fold,
        ranking=ranking,
        fit_seconds=fitting.seconds,
        score_seconds=scoring.seconds,
        peak_memory_mb=max(fitting.memory_mb, scoring.memory_mb),
    )
