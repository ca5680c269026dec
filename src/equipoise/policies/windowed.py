"""Ridge regression for weights that drift, on a window of the newest rows.

Cheung, Simchi-Levi and Zhu (2019), "Learning to optimize under non-stationarity" (SW-UCB).
"""

from dataclasses import dataclass

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.ridge import Ridge
from equipoise.policies.rows import Rows
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class Windowed:
    """A ridge on no more than `size` rows.

    The sums are taken anew at each update: rows subtracted from them would leave their rounding errors.
    """

    size: int
    ridge: Ridge
    rows: Rows

    @classmethod
    def prior(cls, n_features: int, prior_mean: Floats | None = None, *, size: int) -> "Windowed":
        """Return the belief before any feedback, to rest on the last `size` rows."""
        ridge = Ridge.prior(n_features, prior_mean, half_life=float(size))
        return cls(size, ridge, Rows.none(n_features))

    def learn(self, feedback: LoggedFeedback) -> "Windowed":
        """Return the belief after `feedback`; this one stays as it is."""
        if len(feedback) == 0:
            return self
        ridge, exposure = self.ridge.learn(feedback), self.ridge.attention.exposure(feedback)
        rows = self.rows.add(feedback.features, exposure, feedback.rewards, size=self.size)
        return Windowed(self.size, ridge.resting_on(rows.sums()), rows)
