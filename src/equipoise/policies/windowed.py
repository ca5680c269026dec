"""Ridge regression for weights that drift, on a window of the newest rows.

Cheung, Simchi-Levi and Zhu (2019), "Learning to optimize under non-stationarity" (SW-UCB).
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.ridge import Ridge, Sums
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class Windowed:
    """A ridge on no more than `size` rows: their `features` (r, d), and `exposure` and `rewards` (r,).

    The sums are taken anew at each update: rows subtracted from them would leave their rounding errors.
    """

    size: int
    ridge: Ridge
    features: Floats
    exposure: Floats
    rewards: Floats

    @classmethod
    def prior(cls, n_features: int, prior_mean: Floats | None = None, *, size: int) -> "Windowed":
        """Return the belief before any feedback, to rest on the last `size` rows."""
        ridge = Ridge.prior(n_features, prior_mean, half_life=float(size))
        return cls(size, ridge, np.zeros((0, n_features)), np.zeros(0), np.zeros(0))

    def learn(self, feedback: LoggedFeedback) -> "Windowed":
        """Return the belief after `feedback`; this one stays as it is."""
        if len(feedback) == 0:
            return self
        ridge = self.ridge.learn(feedback)
        exposure = self.ridge.attention.exposure(feedback)
        rows = replace(
            self,
            features=np.concatenate((self.features, feedback.features))[-self.size :],
            exposure=np.concatenate((self.exposure, exposure))[-self.size :],
            rewards=np.concatenate((self.rewards, feedback.rewards))[-self.size :],
        )
        sums = Sums.none(self.features.shape[1]).add(rows.features, rows.exposure, rows.rewards, keep=0.0)
        return replace(rows, ridge=ridge.resting_on(sums))
