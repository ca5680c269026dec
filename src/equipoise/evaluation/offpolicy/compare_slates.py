"""Several targets by several estimators on one log of slates."""

from collections.abc import Mapping
from functools import partial

from equipoise.evaluation.offpolicy.compare import Judged, difference, with_estimates
from equipoise.evaluation.offpolicy.estimate import Estimate, Terms, estimated
from equipoise.evaluation.offpolicy.slates.slates import OfSlates
from equipoise.evaluation.offpolicy.sources.streamed import Streamed
from equipoise.evaluation.offpolicy.verdict import Limits, judged


def compare_slates(
    logs: Mapping[str, Streamed], estimators: Mapping[str, OfSlates], limits: Limits | None = None
) -> list[Judged]:
    """Return the estimates by each of `estimators` of each target that a log was weighed for."""
    rows = []
    for name, log in logs.items():
        for called, estimator in estimators.items():
            row = Judged(
                target=name,
                estimator=called,
                estimate=None,
                gain=None,
                diagnosis=log.diagnosis,
                verdict=judged(log.diagnosis, limits),
            )
            rows.append(with_estimates(row, partial(_both, estimator, log), limits))
    return rows


def _both(estimator: OfSlates, log: Streamed) -> tuple[Estimate, Estimate]:
    terms = estimator.terms(log.slates)
    logged = Terms(values=log.logged)
    how = log.diagnosis.ess, estimator.interval, estimator.confidence
    return estimated(terms, *how), estimated(difference(terms, logged), *how)
