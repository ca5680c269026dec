"""How large rewards are, and so how noisy: the variance of a reward is its mean times its usual size.

That is the quasi-Poisson law (McCullagh and Nelder, 1989, chapter 9): rare rewards of size s with mean
m have variance close to s * m.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.types import Floats

_MEAN, _MEAN_STRENGTH = 0.05, 100.0
_WORTH, _WORTH_STRENGTH = 1.0, 1.0


@dataclass(frozen=True, slots=True)
class RewardScale:
    """Sums over all impressions: of their examination, of rewards, and of squared rewards."""

    exposure: float = 0.0
    earned: float = 0.0
    squares: float = 0.0

    def add(self, exposure: Floats, rewards: Floats, *, keep: float) -> "RewardScale":
        """Return the sums scaled by `keep`, plus those of `exposure` and `rewards` (n,)."""
        sizes = np.abs(rewards)
        return RewardScale(
            self.exposure * keep + float(exposure.sum()),
            self.earned * keep + float(sizes.sum()),
            self.squares * keep + float(sizes @ sizes),
        )

    def surprise(self, feedback: LoggedFeedback) -> Floats:
        """Return by how much rewards exceed the mean so far, in units of the usual one, (n,)."""
        surprise: Floats = (feedback.rewards - self.mean * feedback.impressions) / self.worth
        return surprise

    @property
    def mean(self) -> float:
        """The mean reward of an impression on top; 0.05 until something is known."""
        return (self.earned + _MEAN * _MEAN_STRENGTH) / (self.exposure + _MEAN_STRENGTH)

    @property
    def worth(self) -> float:
        """The usual size of a reward, where there is one; 1 until something is known."""
        return (self.squares + _WORTH * _WORTH_STRENGTH) / (self.earned + _WORTH_STRENGTH)

    @property
    def noise(self) -> float:
        """The variance of the reward of one impression."""
        return self.worth * self.mean
