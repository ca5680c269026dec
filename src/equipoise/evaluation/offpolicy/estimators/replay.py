"""Replay: the mean reward where the log shows what the target would have shown.

Li, Chu, Langford and Wang, 2011, "Unbiased offline evaluation of contextual-bandit-based news article
recommendation algorithms".
"""

from dataclasses import dataclass

from equipoise.evaluation.offpolicy.estimate import Terms, ratio
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class Replay(OfRounds):
    """sum 1[a = target's] r / sum 1[a = target's], for a target that is sure of its action.

    Unbiased for a log that chose uniformly. Rounds in which the target is not sure do not count; where none
    does, the estimate is 0 with an effective sample size of 0.
    """

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        matches = _matches(rounds)
        return Terms(values=ratio(matches * rounds.rewards, matches))

    def ess(self, rounds: Weighed) -> float:
        """Return the number of rounds that count."""
        return float(_matches(rounds).sum())


def _matches(rounds: Weighed) -> Floats:
    matches: Floats = (rounds.chances == 1.0).astype(float)
    return matches
