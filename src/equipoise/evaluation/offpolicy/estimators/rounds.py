"""What estimators of single actions share: they weigh a log, and make one term of each round."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from equipoise.evaluation.offpolicy.estimate import Estimate, Interval, Terms, estimated
from equipoise.evaluation.offpolicy.intervals.bootstrap import Bootstrap
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.target import Target
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class OfRounds(ABC):
    """An estimator that is a term a round; `interval` says how sure their mean is."""

    interval: Interval = Bootstrap()  # noqa: RUF009
    confidence: float = 0.95

    @abstractmethod
    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""

    def weighed(self, feedback: LoggedActions, target: Target) -> Weighed:
        """Return `feedback` with a weight for each round."""
        return Weighed.of(feedback, target)

    def ess(self, rounds: Weighed) -> float:
        """Return how many rounds of the target's own would say as much."""
        return rounds.ess()

    def unbiased(self, rounds: Weighed) -> Terms | None:
        """Return the terms that the interval is made of where it is not that of `terms` itself."""
        return None

    def estimate(self, feedback: LoggedActions, target: Target) -> Estimate:
        """Return what `target` is worth a round, from `feedback`."""
        return self.of(self.weighed(feedback, target))

    def of(self, rounds: Weighed) -> Estimate:
        """Return the estimate from rounds that were weighed before, perhaps in pieces."""
        return estimated(
            self.terms(rounds),
            self.ess(rounds),
            self.interval,
            self.confidence,
            unbiased=self.unbiased(rounds),
        )


def weighted(rounds: Weighed, weights: Floats, bound: float) -> Terms:
    """Return the terms w r for `weights` (n,) up to `bound`."""
    return Terms(
        values=weights * rounds.rewards,
        floor=min(rounds.lowest, 0.0) * bound,
        ceiling=max(rounds.highest, 0.0) * bound,
    )


def corrected(rounds: Weighed, weights: Floats, bound: float) -> Terms:
    """Return the terms q(target) + w (r - q(action)) for `weights` (n,) up to `bound`.

    The bounds of a term are those for predictions that lie within the possible rewards.
    """
    predicted, expected = rounds.model()
    off = bound * (rounds.highest - rounds.lowest)
    values = rounds.rewards - predicted  # and on in place: a long log should be in memory once
    values *= weights
    values += expected
    return Terms(
        values=values,
        floor=rounds.lowest - off,
        ceiling=rounds.highest + off,
    )


def largest(weights: Floats, cap: float = float("inf")) -> float:
    """Return the largest weight there can be: `cap`, or the largest seen, which bounds the log only."""
    return min(float(weights.max()), cap)
