"""FastCB: inverse gap weighting by relative gaps, around a logistic regression.

Foster and Krishnamurthy (2021), "Efficient first-order contextual bandits: prediction, allocation, and
triangular discrimination". The paper speaks of losses and pays for those of the best policy. Shops have
rewards, and rare ones; its argument holds for rewards as well, and pays for those of the best policy.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.inverse_gap import InverseRelativeGap, counted
from equipoise.policies.logistic import Logistic
from equipoise.policies.policy import Options, check_options
from equipoise.policies.sampler import SlotBySlot, Weigh
from equipoise.types import Floats

_LEAST_RATE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class FastCB:
    """At each slot P(a) = best / (K best + gamma (best - mean_a)) for all but the best of K left.

    gamma = K + `sharpness` * sqrt(K G / (d * log(e + G))): the paper's sqrt(K L / Reg), with G the number
    of usual rewards earned so far in place of the best policy's loss L, and d log G for the regret Reg of
    logistic regression in log-loss. `half_life`: impressions after which what was learnt counts half.
    """

    sharpness: float = 100.0
    half_life: float = 100_000.0

    def __post_init__(self) -> None:
        if not (self.sharpness > 0.0 and self.half_life > 0.0):
            raise BadInputError("fast_cb", "needs sharpness > 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "FastCBPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return FastCBPolicy(self, Logistic.prior(n_features, prior_mean, half_life=self.half_life))


@dataclass(frozen=True, slots=True)
class FastCBPolicy(SlotBySlot):
    """The policy of `FastCB`: its configuration and what it knows."""

    config: FastCB
    logistic: Logistic

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the inverse of the relative gap to the best guess."""
        check_options(options, len(self.logistic.weights()))
        gamma, worth = self.gamma(counted(options)), self.logistic.worth
        weigh = InverseRelativeGap(gamma, worth * _LEAST_RATE)
        return worth * self.logistic.rates(options.features), weigh

    def gamma(self, n_candidates: Floats) -> Floats:
        """Return how sharply relative gaps count among `n_candidates`, of the same shape."""
        earned = self.logistic.attention.scale.earned / self.logistic.worth
        regret = len(self.logistic.weights()) * np.log(np.e + earned)
        return np.asarray(n_candidates + self.config.sharpness * np.sqrt(n_candidates * earned / regret))

    def update(self, feedback: LoggedFeedback) -> "FastCBPolicy":
        """Return the policy after `feedback`."""
        return replace(self, logistic=self.logistic.learn(feedback))
