"""D-LinUCB: upper confidence bounds of a linear model whose weights drift, old rows discounted.

Russac, Vernade and Cappé (2019), "Weighted linear bandits for non-stationary environments".
"""

from dataclasses import dataclass, replace

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.discounted import Discounted
from equipoise.policies.gaussian import Gaussian
from equipoise.policies.optimism import Optimist
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountedLinUCB:
    """LinUCB that forgets: rows count half after `half_life` impressions, and the bounds know of it.

    `alpha` is how many deviations of the discounted estimate are added to its mean.
    """

    alpha: float = 1.0
    half_life: float = 1_000.0

    def __post_init__(self) -> None:
        if not (self.alpha >= 0.0 and self.half_life > 0.0):
            raise BadInputError("discounted_lin_ucb", "needs alpha >= 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "DiscountedLinUCBPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return DiscountedLinUCBPolicy(
            self, Discounted.prior(n_features, prior_mean, half_life=self.half_life)
        )


@dataclass(frozen=True, slots=True)
class DiscountedLinUCBPolicy(Optimist):
    """The policy of `DiscountedLinUCB`: its configuration and what it knows."""

    config: DiscountedLinUCB
    discounted: Discounted

    def hoping(self) -> tuple[Gaussian, float]:
        """Return what is believed of the weights, and `alpha`."""
        return self.discounted.believed, self.config.alpha

    def update(self, feedback: LoggedFeedback) -> "DiscountedLinUCBPolicy":
        """Return the policy after `feedback`."""
        return replace(self, discounted=self.discounted.learn(feedback))
