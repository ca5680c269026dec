"""Boltzmann exploration driven by the posterior's own uncertainty, candidate by candidate.

Maillard sampling (Maillard, 2013; Bian and Jun, 2022, "Maillard sampling: Boltzmann exploration done
optimally") around an optimistic utility (Li et al., 2010), on a Bayesian linear belief, slot by slot.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.belief import ITEM_SPREAD, Belief
from equipoise.policies.policy import Options
from equipoise.policies.sampler import NONE_LEFT, Slot, SlotBySlot, Weigh
from equipoise.types import Floats

_SMALLEST, _LARGEST = 1e-40, 1e40
"""Deviations are kept between these, so that gaps in units of them are numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinBoltzmann:
    """At each slot P(a) is proportional to exp(-((best - u_a) / (temperature * deviation_a))^2 / 2).

    The utility u_a is the posterior mean plus `optimism` posterior deviations, `best` the largest of
    what is left. As deviations shrink, the policy becomes greedy. `half_life`: impressions after which
    what was learnt counts half. `item_spread`: how far item terms are expected to lie from 0, as a share
    of the mean reward.
    """

    optimism: float = 0.5
    temperature: float = 0.1
    half_life: float = 100_000.0
    item_spread: float = ITEM_SPREAD

    def __post_init__(self) -> None:
        if not (self.optimism >= 0.0 and min(self.temperature, self.half_life, self.item_spread) > 0.0):
            raise BadInputError("lin_boltzmann", "needs optimism >= 0 and the other settings > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "LinBoltzmannPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        belief = Belief.prior(n_features, prior_mean, half_life=self.half_life, item_spread=self.item_spread)
        return LinBoltzmannPolicy(self, belief)


@dataclass(frozen=True, slots=True)
class LinBoltzmannPolicy(SlotBySlot):
    """The policy of `LinBoltzmann`: its configuration and what it believes."""

    config: LinBoltzmann
    belief: Belief

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by how plausible it is that a candidate is the best left."""
        means, deviations = self.belief.predict(options.items, options.features)
        deviations = np.fmin(np.fmax(deviations, _SMALLEST), _LARGEST)
        return means, _Plausible(
            bonus=self.config.optimism * deviations,
            sharpness=1.0 / (self.config.temperature * deviations),
        )

    def update(self, feedback: LoggedFeedback) -> "LinBoltzmannPolicy":
        """Return the policy after `feedback`."""
        return replace(self, belief=self.belief.learn(feedback))

    def means(self, n_items: int) -> Floats:
        """Return what each item is believed to earn beyond its features, (n_items,)."""
        return self.belief.item_means(n_items)

    def deviations(self, n_items: int) -> Floats:
        """Return how unsure that is: the posterior standard deviation, (n_items,)."""
        return self.belief.item_deviations(n_items)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plausible:
    """exp(-gap^2 / 2), the gap to the best optimistic utility in units of the candidate's own scale."""

    bonus: Floats
    sharpness: Floats

    def __call__(self, slot: Slot) -> Floats:
        utilities = slot.left + self.bonus
        gaps = np.maximum.reduce(utilities, axis=1, keepdims=True, initial=NONE_LEFT) - utilities
        gaps *= self.sharpness
        gaps *= gaps
        gaps *= -0.5
        weights: Floats = np.exp(gaps, out=gaps)
        return weights
