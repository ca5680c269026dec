"""The direct method: believe the reward model (Beygelzimer and Langford, 2009)."""

from dataclasses import dataclass

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.weighed import Weighed


@dataclass(frozen=True, kw_only=True)
class DirectMethod(OfRounds):
    """The mean of q(x, a) under the target: steady, and as wrong as the model is.

    Its interval is that of the mean over contexts; of the error of the model it knows nothing.
    """

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        return Terms(values=rounds.model()[1], floor=rounds.lowest, ceiling=rounds.highest)
