"""What is learnt of rewards whatever the model: how large they are, and how much a position is looked at."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.examination import POSITIONS, Examination
from equipoise.policies.reward_scale import RewardScale
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Attention:
    """The examination of positions, and the scale of rewards."""

    examination: Examination
    scale: RewardScale

    @classmethod
    def none(cls) -> "Attention":
        """Return the state before any impression."""
        return cls(Examination.none(), RewardScale())

    def looked(self, positions: Ints) -> Floats:
        """Return the examination of each of `positions` (n,), 1 on top, (n,)."""
        curve = self.examination.curve(self.scale.worth)
        return curve[np.minimum(positions, POSITIONS - 1)]

    def exposure(self, feedback: LoggedFeedback) -> Floats:
        """Return how many impressions on top each row counts as, (n,); 0 for a late reward."""
        exposure: Floats = feedback.impressions * self.looked(feedback.positions)
        return exposure

    def add(
        self, feedback: LoggedFeedback, exposure: Floats, expected: Floats, *, keep: float
    ) -> "Attention":
        """Return the state scaled by `keep`, plus `feedback`.

        `exposure` (n,) as above; `expected` (n,) is what the items were expected to earn on top.
        """
        predicted = feedback.impressions * expected
        return Attention(
            self.examination.add(feedback.positions, feedback.rewards, predicted, keep=keep),
            self.scale.add(exposure, feedback.rewards, keep=keep),
        )


def kept(feedback: LoggedFeedback, half_life: float) -> float:
    """Return how much of what was known counts after `feedback`: half after `half_life` impressions."""
    return float(0.5 ** (feedback.impressions.sum() / half_life))
