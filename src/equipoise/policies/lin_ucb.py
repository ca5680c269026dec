"""LinUCB: upper confidence bounds of a linear model whose weights all items share.

Li, Chu, Langford and Schapire (2010), "A contextual-bandit approach to personalized news article
recommendation", with one ridge regression on features of (shopper, item).
"""

from dataclasses import dataclass, replace

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.gaussian import Gaussian
from equipoise.policies.optimism import Optimist
from equipoise.policies.ridge import Ridge
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LinUCB:
    """Show what could earn most: the posterior mean plus `alpha` posterior standard deviations.

    `half_life`: impressions after which what was learnt counts half.
    """

    alpha: float = 1.0
    half_life: float = 100_000.0

    def __post_init__(self) -> None:
        if not (self.alpha >= 0.0 and self.half_life > 0.0):
            raise BadInputError("lin_ucb", "needs alpha >= 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "LinUCBPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return LinUCBPolicy(self, Ridge.prior(n_features, prior_mean, half_life=self.half_life))


@dataclass(frozen=True, slots=True)
class LinUCBPolicy(Optimist):
    """The policy of `LinUCB`: its configuration and what it knows."""

    config: LinUCB
    ridge: Ridge

    def hoping(self) -> tuple[Gaussian, float]:
        """Return the posterior, and `alpha`."""
        return self.ridge.believed, self.config.alpha

    def update(self, feedback: LoggedFeedback) -> "LinUCBPolicy":
        """Return the policy after `feedback`."""
        return replace(self, ridge=self.ridge.learn(feedback))
