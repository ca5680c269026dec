"""Ridge regression for weights that drift, with old rows discounted.

Russac, Vernade and Cappé (2019), "Weighted linear bandits for non-stationary environments" (D-LinUCB).
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.attention import kept
from equipoise.policies.gaussian import Gaussian, inverse_root
from equipoise.policies.ridge import Ridge
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class Discounted:
    """A ridge whose rows fade, and the sums `twice` (d, d) of e x x^T in which they fade twice as fast.

    With V and V2 the two precisions, prior included, the estimate has the covariance
    noise * V^-1 V2 V^-1 (their section 3): a row of weight c carries c^2 of its noise.
    """

    ridge: Ridge
    twice: Floats
    believed: Gaussian

    @classmethod
    def prior(cls, n_features: int, prior_mean: Floats | None = None, *, half_life: float) -> "Discounted":
        """Return the belief before any feedback; rows count half after `half_life` impressions."""
        ridge = Ridge.prior(n_features, prior_mean, half_life=half_life)
        return cls(ridge, np.zeros((n_features, n_features)), ridge.believed)

    def learn(self, feedback: LoggedFeedback) -> "Discounted":
        """Return the belief after `feedback`; this one stays as it is."""
        if len(feedback) == 0:
            return self
        ridge, keep = self.ridge.learn(feedback), kept(feedback, self.ridge.half_life)
        features, exposure = feedback.features.astype(np.float64), self.ridge.attention.exposure(feedback)
        twice = keep**2 * self.twice + features.T @ (features * exposure[:, None])
        return Discounted(ridge, twice, _believed(ridge, twice))


def _believed(ridge: Ridge, twice: Floats) -> Gaussian:
    pull = ridge.noise * ridge.prior_precision()
    once = ridge.sums.precision + pull
    known = inverse_root(twice + pull) @ once
    return Gaussian(ridge.believed.mean, np.sqrt(ridge.noise) * inverse_root(known.T @ known))
