"""Several targets by several estimators on one log, each with a verdict; and the gain of one over another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.diagnosis import Diagnosis, diagnosed
from equipoise.evaluation.offpolicy.estimate import Estimate, Terms, estimated
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.support import Support
from equipoise.evaluation.offpolicy.target import Target
from equipoise.evaluation.offpolicy.verdict import Limits, Verdict, judged
from equipoise.evaluation.offpolicy.weighed import Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one estimator says of one target, and of its gain over what was logged; both None if it cannot.

    The verdict is that on the log under this target, or says why the estimator could not be used.
    """

    target: str
    estimator: str
    estimate: Estimate | None
    gain: Estimate | None
    diagnosis: Diagnosis
    verdict: Verdict


def short(target: str) -> str:
    """Return the end of a target that is a path, which says more than its beginning."""
    return "/".join(Path(target).parts[-2:])


def compare(
    feedback: LoggedActions,
    targets: Mapping[str, Target],
    estimators: Mapping[str, OfRounds],
    limits: Limits | None = None,
) -> list[Judged]:
    """Return the estimates of each of `targets` by each of `estimators`, with verdicts."""
    rows = []
    for name, target in targets.items():
        plain = Weighed.of(feedback, target)
        diagnosis = diagnosed(plain.weights, plain.rewards, Support.of(feedback, target))
        for called, estimator in estimators.items():
            row = Judged(
                target=name,
                estimator=called,
                estimate=None,
                gain=None,
                diagnosis=diagnosis,
                verdict=judged(diagnosis, limits),
            )
            rows.append(with_estimates(row, partial(both_estimates, estimator, feedback, target), limits))
    return rows


def both_estimates(estimator: OfRounds, feedback: LoggedActions, target: Target) -> tuple[Estimate, Estimate]:
    """Return what `target` is worth a round, and how much more that is than what was logged earned."""
    rounds = estimator.weighed(feedback, target)
    terms, ess = estimator.terms(rounds), estimator.ess(rounds)
    logged = Terms(values=rounds.rewards, floor=rounds.lowest, ceiling=rounds.highest)
    sure = estimator.unbiased(rounds)
    paired = None if sure is None else difference(sure, logged)
    how = ess, estimator.interval, estimator.confidence
    gained = estimated(difference(terms, logged), *how, unbiased=paired)
    return estimated(terms, *how, unbiased=sure), gained


def with_estimates(
    row: Judged, work: Callable[[], tuple[Estimate, Estimate]], limits: Limits | None
) -> Judged:
    """Return `row` with what `work` finds, or with the reason why it cannot."""
    try:
        estimate, gain = work()
    except BadInputError as error:
        return replace(row, verdict=Verdict(supported=False, why=str(error)))
    enough = replace(row.diagnosis, ess=min(estimate.ess, row.diagnosis.ess))
    return replace(row, estimate=estimate, gain=gain, verdict=judged(enough, limits))


def gain(estimator: OfRounds, candidate: Weighed, present: Weighed) -> Estimate:
    """Return what `candidate` earns more than `present` a round, from the same rounds of one log.

    The terms are paired, so that what both share does not widen the interval. The effective sample size is
    the smaller of the two.
    """
    if len(candidate) != len(present):
        raise BadInputError("present", "must be weighed on the same rounds as the candidate")
    ours, theirs = estimator.terms(candidate), estimator.terms(present)
    ess = min(estimator.ess(candidate), estimator.ess(present))
    sure = estimator.unbiased(candidate), estimator.unbiased(present)
    paired = None if sure[0] is None or sure[1] is None else difference(sure[0], sure[1])
    how = ess, estimator.interval, estimator.confidence
    return estimated(difference(ours, theirs), *how, unbiased=paired)


def difference(ours: Terms, theirs: Terms) -> Terms:
    """Return the terms of `ours` less `theirs`, round by round."""
    known = None not in (ours.floor, ours.ceiling, theirs.floor, theirs.ceiling)
    floor = ours.floor - theirs.ceiling if known else None  # type: ignore[operator]
    ceiling = ours.ceiling - theirs.floor if known else None  # type: ignore[operator]
    return replace(ours, values=ours.values - theirs.values, floor=floor, ceiling=ceiling)
