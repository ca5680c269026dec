"""RegCB, the optimistic form: the best that any regression not yet eliminated says of a candidate.

Foster, Agarwal, Dudík, Luo and Schapire (2018), "Practical contextual bandits with regression oracles".
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.gaussian import Gaussian
from equipoise.policies.optimism import Optimist
from equipoise.policies.ridge import Ridge
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class RegCB:
    """Keep all weights whose squared error exceeds the least by at most beta; show the highest they say.

    On linear functions that is the mean plus sqrt(beta / noise) posterior deviations, with beta =
    `mellowness` * noise * d * log(e + t) after t impressions: a width that grows, where that of LinUCB is
    fixed. `half_life`: impressions after which what was learnt counts half.
    """

    mellowness: float = 0.02
    half_life: float = 100_000.0

    def __post_init__(self) -> None:
        if not (self.mellowness >= 0.0 and self.half_life > 0.0):
            raise BadInputError("reg_cb", "needs mellowness >= 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "RegCBPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return RegCBPolicy(self, Ridge.prior(n_features, prior_mean, half_life=self.half_life))


@dataclass(frozen=True, slots=True)
class RegCBPolicy(Optimist):
    """The policy of `RegCB`: its configuration and what it knows."""

    config: RegCB
    ridge: Ridge

    def hoping(self) -> tuple[Gaussian, float]:
        """Return the posterior, and the radius of what is not eliminated in posterior deviations."""
        counted = np.log(np.e + self.ridge.attention.scale.exposure)
        return self.ridge.believed, float(
            np.sqrt(self.config.mellowness * len(self.ridge.prior_mean) * counted)
        )

    def update(self, feedback: LoggedFeedback) -> "RegCBPolicy":
        """Return the policy after `feedback`."""
        return replace(self, ridge=self.ridge.learn(feedback))
