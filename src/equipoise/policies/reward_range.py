"""Between what two numbers rewards lie, for policies whose theory asks for rewards in [0, 1].

A range that holds every reward would be ruled by the largest purchase there ever was. The upper end here
is the usual size of a reward, sum r^2 / sum r: divided by it, rare rewards r of any sizes have the variance
p (1 - p) of a Bernoulli variable of their mean p, which is all that such a policy uses of them. For clicks
it is 1.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.types import Floats

_REACH = 3.0
"""Rewards that come each time in other sizes lie within so many deviations of their mean."""
_NOTHING = 1e-200


@dataclass(frozen=True, slots=True)
class RewardRange:
    """Sums over impressions of examination, of gains, losses and their squares; and the extremes, fading."""

    exposure: float = 0.0
    gained: float = 0.0
    gains_squared: float = 0.0
    lost: float = 0.0
    losses_squared: float = 0.0
    most: float = 0.0
    least: float = 0.0

    def add(self, exposure: Floats, rewards: Floats, *, keep: float) -> "RewardRange":
        """Return the sums scaled by `keep`, plus those of `exposure` and `rewards` (n,)."""
        gains, losses = np.maximum(rewards, 0.0), np.maximum(-rewards, 0.0)
        return RewardRange(
            self.exposure * keep + float(exposure.sum()),
            self.gained * keep + float(gains.sum()),
            self.gains_squared * keep + float(gains @ gains),
            self.lost * keep + float(losses.sum()),
            self.losses_squared * keep + float(losses @ losses),
            max(self.most * keep, float(gains.max(initial=0.0))),
            min(self.least * keep, float(-losses.max(initial=0.0))),
        )

    @property
    def ends(self) -> tuple[float, float]:
        """The lower and the upper end: 0 and 1 until something is known.

        Where rewards come at every impression, three deviations around their mean where that is wider than
        the usual size; never beyond the largest reward, and never short of 0.
        """
        shown = max(self.exposure, 1.0)
        mean = (self.gained - self.lost) / shown
        spread = _REACH * max((self.gains_squared + self.losses_squared) / shown - mean**2, 0.0) ** 0.5
        high = min(self.most, max(_usual(self.gained, self.gains_squared), mean + spread))
        low = max(self.least, min(-_usual(self.lost, self.losses_squared), mean - spread))
        return (low, high) if high - low > _NOTHING else (0.0, 1.0)


def _usual(total: float, squares: float) -> float:
    return squares / total if total > _NOTHING else 0.0
