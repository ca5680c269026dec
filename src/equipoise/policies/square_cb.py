"""SquareCB: inverse gap weighting around a least-squares regression.

Foster and Rakhlin (2020), "Beyond UCB: optimal and efficient contextual bandits with regression oracles".
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.inverse_gap import InverseGap, counted
from equipoise.policies.policy import Options, check_options
from equipoise.policies.ridge import Ridge
from equipoise.policies.sampler import SlotBySlot, Weigh
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SquareCB:
    """At each slot P(a) = 1 / (K + gamma * gap_a) for all but the best of the K candidates left.

    gamma = `sharpness` * sqrt(K t / (noise * d * log(e + t))): the paper's sqrt(K t / Reg) after t
    impressions, with noise * d * log t for the regret Reg of ridge regression in squared error; it is in
    units of 1 / reward, so money and clicks need no other setting. `half_life`: impressions after which
    what was learnt counts half.
    """

    sharpness: float = 50.0
    half_life: float = 100_000.0

    def __post_init__(self) -> None:
        if not (self.sharpness > 0.0 and self.half_life > 0.0):
            raise BadInputError("square_cb", "needs sharpness > 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "SquareCBPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return SquareCBPolicy(self, Ridge.prior(n_features, prior_mean, half_life=self.half_life))


@dataclass(frozen=True, slots=True)
class SquareCBPolicy(SlotBySlot):
    """The policy of `SquareCB`: its configuration and what it knows."""

    config: SquareCB
    ridge: Ridge

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the inverse of the gap to the best guess."""
        check_options(options, len(self.ridge.prior_mean))
        return options.features @ self.ridge.believed.mean, InverseGap(self.gamma(counted(options)))

    def gamma(self, n_candidates: Floats) -> Floats:
        """Return how sharply gaps count among `n_candidates`, of the same shape."""
        t = self.ridge.attention.scale.exposure
        regret = self.ridge.noise * len(self.ridge.prior_mean) * np.log(np.e + t)
        return np.asarray(self.config.sharpness * np.sqrt(n_candidates * t / regret))

    def update(self, feedback: LoggedFeedback) -> "SquareCBPolicy":
        """Return the policy after `feedback`."""
        return replace(self, ridge=self.ridge.learn(feedback))
