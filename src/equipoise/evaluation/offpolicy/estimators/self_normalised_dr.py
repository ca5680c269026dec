"""Self-normalised doubly robust (Thomas and Brunskill, 2016; Kallus and Uehara, 2019)."""

from dataclasses import dataclass

from equipoise.evaluation.offpolicy.estimate import Terms, ratio
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.weighed import Weighed


@dataclass(frozen=True, kw_only=True)
class SelfNormalisedDR(OfRounds):
    """The mean of q(target), and sum w (r - q(a)) / sum w: steadier than DR where weights vary much."""

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        predicted, expected = rounds.model()
        return Terms(values=expected + ratio(rounds.weights * (rounds.rewards - predicted), rounds.weights))
