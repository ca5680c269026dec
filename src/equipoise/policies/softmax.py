"""Boltzmann exploration over estimated means: the softmax rule (Luce, 1959; Sutton and Barto, 2018, 2.8)."""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.on_counts import Counting, OnCounts
from equipoise.policies.policy import NOTHING, Options
from equipoise.policies.sampler import Slot, Weigh
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Softmax(Counting):
    """At each slot P(a) is proportional to exp(mean_a / (temperature * mean reward)).

    A `temperature` in units of the mean reward means the same in any currency. One temperature for all
    candidates never stops exploring, and knows no difference between bad and unknown (Cesa-Bianchi et al.,
    2017, "Boltzmann exploration done right").
    """

    temperature: float = 0.1

    def __post_init__(self) -> None:
        Counting.__post_init__(self)
        if not self.temperature > 0.0:
            raise BadInputError("temperature", f"must be above 0, not {self.temperature}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "SoftmaxPolicy":
        """Return the policy before any feedback."""
        return SoftmaxPolicy(self.belief(n_features, prior_mean), self)

    def exploring(self, candidates: Ints, seen: float | Floats, scale: float) -> Weigh:
        """Return the weighing, in units of `scale`."""
        return _Boltzmann(self.temperature * scale)


@dataclass(frozen=True, slots=True)
class SoftmaxPolicy(OnCounts):
    """The policy of `Softmax`."""

    config: Softmax

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the exponential of the estimated mean."""
        belief, candidates = self.belief, (options.items != NOTHING).sum(axis=1, keepdims=True)
        weigh = self.config.exploring(candidates, belief.seen, belief.attention.scale.mean)
        return belief.means(options.items), weigh


@dataclass(frozen=True, slots=True)
class _Boltzmann:
    temperature: float

    def __call__(self, slot: Slot) -> Floats:
        weights: Floats = np.exp((slot.left - slot.best) / self.temperature)
        return weights
