"""How far a slate may explore, given who asks and where: the signals of the request as one share.

What an experiment teaches is worth the same whoever it is made on, but it does not cost the same. In
contextual information-directed sampling (Hao, Lattimore and Qin, 2022) the experiments therefore go where a
unit of information costs least. Here, of the chance that a policy gives to exploring, so much is left:

    min(1,  usual / (worth + basket),  ahead / enough)

`worth` is what one purchase of what the shopper looks at would earn, `usual` its mean over requests, and
`basket` what is in the basket already and may be lost with the shopper. `ahead` is how many requests the
surface gets in 30 days at its rate of late: where few come, there is little time to use what is learnt.
"""

from dataclasses import dataclass, field

import numpy as np

from equipoise.balance.reason import Reason
from equipoise.balance.signals.newness import Newness, NewnessReading
from equipoise.balance.signals.stage import Stage
from equipoise.balance.signals.stake import Stake, StakeReading
from equipoise.balance.signals.traffic import Traffic, TrafficReading

ENOUGH = 10_000.0
"""Requests in 30 days from which on a surface is busy: what `balanced` takes to lie ahead at the least."""
_MONTH = 30 * 86_400.0
_WEEK = 7 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who asks: the `stage` of the session, and what is at stake in units of reward.

    `worth` is what one purchase of what was looked at would earn, None where nothing was; `basket` what all
    that is in the basket would.
    """

    stage: Stage
    worth: float | None = None
    basket: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """The `share` of a policy's chance to explore that is left, and why it is not all of it."""

    share: float = 1.0
    cause: Reason | None = None


FREELY = Care()
"""Where nothing speaks against exploring."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The signals of requests as values. Nothing goes by `newness`: it says how much there is to learn of."""

    stake: StakeReading
    traffic: TrafficReading
    newness: NewnessReading


@dataclass(slots=True)
class Controller:
    """Keeps the signals of requests; a few numbers of memory for each surface, used from one thread.

    `care` is asked before a slate is drawn, `met` is told of the visit once it is, and `served` of every
    slate in the log.
    """

    stake: Stake = field(default_factory=lambda: Stake(k=1))
    traffic: Traffic = field(default_factory=lambda: Traffic(half_life=_WEEK))
    newness: Newness = field(default_factory=Newness)

    def care(self, visit: Visit, surface: str, now: float) -> Care:
        """Return how far a slate for `visit` on `surface` may explore, as of `now` (seconds)."""
        return min(self._stakes(visit), self._traffic(surface, now), key=lambda care: care.share)

    def met(self, visit: Visit, new: float) -> None:
        """Learn from `visit` what is usually at stake, and how much is `new`: a share of its candidates."""
        self.newness = self.newness.add(np.array([new]))
        if visit.worth is not None:
            self.stake = self.stake.add(np.array([[visit.worth]]))

    def served(self, surface: str, now: float) -> None:
        """Count a slate on `surface` at `now` (seconds)."""
        self.traffic.add(surface, now)

    def reading(self, now: float) -> Reading:
        """Return the signals as values, as of `now` (seconds)."""
        return Reading(self.stake.reading, self.traffic.reading(now), self.newness.reading)

    def _stakes(self, visit: Visit) -> Care:
        usual = self.stake.reading.usual
        worth = max(usual if visit.worth is None else visit.worth, 0.0)
        if usual <= 0.0 or worth + visit.basket <= usual:
            return FREELY
        cause = Reason.DECIDING if visit.basket > 0.0 else Reason.HIGH_STAKES
        return Care(share=usual / (worth + visit.basket), cause=cause)

    def _traffic(self, surface: str, now: float) -> Care:
        ahead = self.traffic.rate(surface, now) * _MONTH
        if ahead == 0.0 or ahead >= ENOUGH:
            return FREELY
        return Care(share=ahead / ENOUGH, cause=Reason.QUIET_SURFACE)
