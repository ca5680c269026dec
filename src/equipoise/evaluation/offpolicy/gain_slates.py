"""What one target's slates earn more than another's, from the same log."""

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.compare import difference
from equipoise.evaluation.offpolicy.estimate import Estimate, estimated
from equipoise.evaluation.offpolicy.slates.slates import OfSlates
from equipoise.evaluation.offpolicy.sources.streamed import Streamed


def gain_of_slates(estimator: OfSlates, candidate: Streamed, present: Streamed) -> Estimate:
    """Return what a slate of `candidate` earns more than one of `present`, both weighed on one log.

    The terms are paired, so that what both share does not widen the interval. The effective sample size is
    the smaller of the two.
    """
    if len(candidate.slates) != len(present.slates):
        raise BadInputError("present", "must be weighed on the same decisions as the candidate")
    terms = difference(estimator.terms(candidate.slates), estimator.terms(present.slates))
    ess = min(candidate.diagnosis.ess, present.diagnosis.ess)
    return estimated(terms, ess, estimator.interval, estimator.confidence)
