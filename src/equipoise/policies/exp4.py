"""EXP4: experts weighed by what they would have earned (Auer, Cesa-Bianchi, Freund and Schapire, 2002).

"The nonstochastic multiarmed bandit problem", section 7. Here experts are policies, which learn
themselves; and what is mixed in to keep importance weights bounded is every expert, not every candidate: of
200 candidates most should never be shown.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import softmax

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.mixture import Mixture, assembled, default_experts, told
from equipoise.policies.policy import PolicyConfig, taught
from equipoise.policies.reward_scale import RewardScale
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Exp4:
    """Draw, at each slot, expert e with chance (1 - `floor`) softmax(`learning_rate` * gain)_e + `floor` / E.

    The gain of e sums (P_e / P) (reward - mean reward) / usual reward over impressions: an unbiased estimate
    of what e would have earned there, less a part that all experts share. It fades by half in `half_life`
    impressions. The experts, `policies`, learn from all that is shown, whoever chose it.
    """

    policies: tuple[PolicyConfig, ...] = field(default_factory=default_experts)
    learning_rate: float = 0.05
    floor: float = 0.1
    half_life: float = 100_000.0

    def __post_init__(self) -> None:
        if not (0.0 < self.floor <= 1.0 and self.learning_rate >= 0.0 and self.half_life > 0.0):
            raise BadInputError("exp4", "needs floor in (0, 1], learning_rate >= 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "Exp4Policy":
        """Return the policy before any feedback: all experts alike."""
        experts = assembled(self.policies, n_features, prior_mean)
        return Exp4Policy(experts, self, np.zeros(len(experts)), RewardScale())


@dataclass(frozen=True, slots=True)
class Exp4Policy(Mixture):
    """The policy of `Exp4`; `gains` (e,) in units of the usual reward."""

    config: Exp4
    gains: Floats
    scale: RewardScale

    @property
    def shares(self) -> Floats:
        """The chance of each expert to be drawn, (e,)."""
        floor = self.config.floor
        shares: Floats = (1.0 - floor) * softmax(self.config.learning_rate * self.gains) + floor / len(
            self.gains
        )
        return shares

    def update(self, feedback: LoggedFeedback) -> "Exp4Policy":
        """Return the policy after `feedback`."""
        keep = float(0.5 ** (feedback.impressions.sum() / self.config.half_life))
        weights, _ = told(feedback, len(self.experts))
        return replace(
            self,
            experts=tuple(taught(expert, feedback) for expert in self.experts),
            gains=self.gains * keep + self.scale.surprise(feedback) @ weights,
            scale=self.scale.add(feedback.impressions, feedback.rewards, keep=keep),
        )
