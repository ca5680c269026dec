"""The default policy: as much exploration as it is worth, decided for every slot, with nothing to set.

Information-directed sampling (Russo and Van Roy, 2018) on a bank of state-space models that learns how fast
to forget and how much items differ. Where there is little to learn about which item is best, or too little
time is left to learn it, it is greedy; where an item is shown because nobody knows the others, it explores.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from equipoise.balance.signals.drift import Drift, DriftReading, DriftSignal
from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.bank.information import direct
from equipoise.policies.bank.reward_model import Drawn, RewardModel
from equipoise.policies.examination import POSITIONS
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Slot, SlotBySlot, Weigh, best_only
from equipoise.types import Floats, Ints

DRIFT = Drift(patience=20_000.0, tolerance=0.2)
LEARNING = 1_000
"""Requests before whose end a surprise is no news: the policy is still learning what is usual."""
LATELY = 2_000.0
"""Impressions for which a change of taste is recent."""
LOOKED_AT = 0.25
"""A slot that this share of those who see the top look at can tell what an item is worth."""
AS_MUCH = 0.9
"""A slot that is looked at this much as often as one above it is looked at as often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """Trade squared regret against information about which candidate is the best. There is nothing to set."""

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "BalancedPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return BalancedPolicy(RewardModel.prior(n_features, prior_mean))


@dataclass(frozen=True, slots=True)
class BalancedPolicy(SlotBySlot):
    """The policy of `Balanced`: what it believes, and whether rewards still come as it believed."""

    belief: RewardModel
    drift: DriftSignal = field(default_factory=DRIFT.start)

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the least ratio of squared regret to information."""
        drawn = self.belief.drawn(options.items, options.features)
        return drawn.means, _Directed.by(drawn)

    def update(self, feedback: LoggedFeedback) -> "BalancedPolicy":
        """Return the policy after `feedback`."""
        return replace(self, belief=self.belief.learn(feedback), drift=self._watched(feedback))

    @property
    def reading(self) -> DriftReading:
        """The signal of a change of taste."""
        return self.drift.reading

    @property
    def drifting(self) -> bool:
        """Whether taste changed lately."""
        return self.drift.alarms > 0 and self.drift.since < LATELY

    def _watched(self, feedback: LoggedFeedback) -> DriftSignal:
        if self.belief.requests < LEARNING:
            return self.drift
        earned = (feedback.rewards > 0.0).astype(np.float64)
        return self.drift.add(earned, self.belief.expected(feedback))

    def means(self, n_items: int) -> Floats:
        """Return what each item is believed to have beyond its features, in log-odds, (n_items,)."""
        return self.belief.item_terms(n_items)[0]

    def deviations(self, n_items: int) -> Floats:
        """Return how unsure that is: the posterior standard deviation, (n_items,)."""
        return self.belief.item_terms(n_items)[1]


@dataclass(frozen=True, slots=True)
class _Directed:
    """Explores at the lowest slot of a slate that enough shoppers look at, and at those looked at as often.

    Whoever is tried higher up moves all below one place down, so a look at it costs more there: with
    chances e of a look and worths v, at slot l it costs v_l - sum over j > l of (e_j / e_l)(v_{j-1} - v_j)
    less its own worth, which is least where l is the last. There it is looked at with chance e_l only: so it
    takes 1 / e_l as many impressions to know it, and what is found brings e_l of what it would on top. Where
    slots above are looked at as often, whoever moves down loses nothing, and each may be explored at.
    """

    drawn: Drawn
    telling: Ints
    """The lowest slot to explore at by the last slot of the slate, (POSITIONS,)."""

    @classmethod
    def by(cls, drawn: Drawn) -> "_Directed":
        """Return the weighing by what is `drawn`."""
        seen = drawn.looked >= LOOKED_AT
        return cls(drawn, np.maximum.accumulate(np.where(seen, np.arange(POSITIONS), 0)))

    def __call__(self, slot: Slot) -> Floats:
        last, looked = min(slot.position + slot.below, POSITIONS - 1), self.drawn.looked
        telling = self.telling[last]
        if slot.position > telling or looked[telling] < AS_MUCH * looked[slot.position]:
            return best_only(slot)
        weights = np.empty(slot.left.shape)
        ahead = self.drawn.ahead * min(float(looked[slot.position]), 1.0)
        direct(self.drawn.draws, slot.left, self.drawn.trials, ahead, self.drawn.groups, weights)
        return weights
