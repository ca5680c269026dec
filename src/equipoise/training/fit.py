"""From prepared data to models that can be served: judged on held-out weeks, then fitted on everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.data.interactions import Interactions
from equipoise.data.split import Split, days_before_end, split_by_time
from equipoise.models.fusion.blend import Blend, BlendScorer, weigh
from equipoise.models.fusion.validation import LaterDays
from equipoise.models.learner import Learner, Scorer
from equipoise.random import derive
from equipoise.training.compare import Measured, evaluate_models, measure

DAYS_HELD_OUT = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The models on held-out weeks: `measured` ones fitted before `split.at`, the blend of them last.

    `weights` are those of the blend to serve: fitted on the held-out weeks themselves, the newest
    there are. The blend that was `measured` had weights fitted before them.
    """

    split: Split
    measured: list[Measured]
    weights: dict[str, float]

    def rows(self) -> list[dict[str, Any]]:
        """Return one row of figures a model, fit for JSON."""
        return [each.row() for each in self.measured]

    def scorers(self) -> dict[str, Scorer]:
        """Return the models fitted before the split, by name, without the blend."""
        return {each.model: each.scorer for each in self.measured if each.model in self.weights}


def judge(
    data: Interactions,
    learners: Mapping[str, Learner],
    *,
    days: float = DAYS_HELD_OUT,
    ks: Sequence[int] = (10,),
    seed: int,
) -> Judged:
    """Hold out the last `days`, fit `learners` and their blend on the rest, and measure them."""
    split = split_by_time(data, days_before_end(data, days))
    blend = Blend(learners=learners, later=LaterDays(days))
    weights = blend.fit_weights(split.train, rng=derive(seed, "weights"))
    measured = evaluate_models(split, learners, ks=ks, seed=seed)
    parts = {each.model: each.scorer for each in measured}
    blended = measure(
        "blend",
        BlendScorer(scorers=parts, weights=weights),
        split,
        ks=ks,
        seed=seed,
        fit_seconds=sum(each.fit_seconds for each in measured),
        memory_mb=max(each.peak_memory_mb for each in measured),
    )
    newest = weigh(parts, split.unseen, rng=derive(seed, "weights"))
    return Judged(split=split, measured=[*measured, blended], weights=newest)


def fit_all(data: Interactions, learners: Mapping[str, Learner], *, seed: int) -> dict[str, Scorer]:
    """Fit each of `learners` on all of `data`, for serving."""
    return {name: learner.fit(data, rng=derive(seed, "fit", name)) for name, learner in learners.items()}
