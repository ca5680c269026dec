"""Self-normalised inverse propensity score (Swaminathan and Joachims, 2015)."""

from dataclasses import dataclass

from equipoise.evaluation.offpolicy.estimate import Terms, ratio
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.weighed import Weighed


@dataclass(frozen=True, kw_only=True)
class SelfNormalisedIPS(OfRounds):
    """sum w r / sum w: within the range of rewards, blind to a shift of them, its bias of order 1 / n."""

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        return Terms(values=ratio(rounds.weights * rounds.rewards, rounds.weights))
