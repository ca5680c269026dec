"""Boltzmann exploration whose temperature is the posterior's own uncertainty, candidate by candidate.

Maillard sampling (Maillard, 2013; Bian and Jun, 2022, "Maillard sampling: Boltzmann exploration done
optimally") on a Bayesian linear belief, as in Balagopalan and Jun (2024), slot by slot.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.belief import Belief
from equipoise.policies.policy import Options
from equipoise.policies.sampler import SlotBySlot, Weigh
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LinBoltzmann:
    """At each slot P(a) is proportional to exp(-((best - mean_a) / (temperature * deviation_a))^2 / 2).

    `temperature` 0 would be greedy; 1 is Maillard's. `spread`: how far weights and item terms are
    expected to lie from their prior, as a share of the mean reward. `half_life`: impressions after
    which what was learnt counts half.
    """

    temperature: float = 0.5
    spread: float = 0.5
    half_life: float = 100_000.0

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "LinBoltzmannPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        belief = Belief.prior(n_features, prior_mean, spread=self.spread, half_life=self.half_life)
        return LinBoltzmannPolicy(self, belief)


@dataclass(frozen=True, slots=True)
class LinBoltzmannPolicy(SlotBySlot):
    """The policy of `LinBoltzmann`: its configuration and what it believes."""

    config: LinBoltzmann
    belief: Belief

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by how plausible it is that a candidate is the best left."""
        means, deviations = self.belief.predict(options.items, options.features)
        return means, _Plausible(deviations * self.config.temperature)

    def update(self, feedback: LoggedFeedback) -> "LinBoltzmannPolicy":
        """Return the policy after `feedback`."""
        return replace(self, belief=self.belief.learn(feedback))

    def means(self, n_items: int) -> Floats:
        """Return what each item is believed to earn beyond its features, (n_items,)."""
        return self.belief.item_means(n_items)

    def deviations(self, n_items: int) -> Floats:
        """Return how unsure that is: the posterior standard deviation, (n_items,)."""
        return self.belief.item_deviations(n_items)


class _Plausible:
    """exp(-gap^2 / 2), the gap to the best in units of the candidate's own scale."""

    def __init__(self, scales: Floats) -> None:
        self.sharpness = 1.0 / np.fmin(np.fmax(scales, 1e-40), 1e40)

    def __call__(self, left: Floats, best: Floats) -> Floats:
        gaps = (best - left) * self.sharpness
        gaps *= gaps
        gaps *= -0.5
        return np.exp(gaps, out=gaps)
