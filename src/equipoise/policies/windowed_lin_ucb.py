"""SW-LinUCB: upper confidence bounds of a linear model whose weights drift, on a window of rows.

Cheung, Simchi-Levi and Zhu (2019), "Learning to optimize under non-stationarity".
"""

from dataclasses import dataclass, replace

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.gaussian import Gaussian
from equipoise.policies.optimism import Optimist
from equipoise.policies.windowed import Windowed
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowedLinUCB:
    """LinUCB on the last `window` rows of feedback, late rewards being rows too.

    `alpha` is how many posterior deviations are added to the mean.
    """

    alpha: float = 1.0
    window: int = 2_000

    def __post_init__(self) -> None:
        if not (self.alpha >= 0.0 and self.window >= 1):
            raise BadInputError("windowed_lin_ucb", "needs alpha >= 0 and window >= 1")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "WindowedLinUCBPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return WindowedLinUCBPolicy(self, Windowed.prior(n_features, prior_mean, size=self.window))


@dataclass(frozen=True, slots=True)
class WindowedLinUCBPolicy(Optimist):
    """The policy of `WindowedLinUCB`: its configuration and what it knows."""

    config: WindowedLinUCB
    windowed: Windowed

    def hoping(self) -> tuple[Gaussian, float]:
        """Return what is believed of the weights, and `alpha`."""
        return self.windowed.ridge.believed, self.config.alpha

    def update(self, feedback: LoggedFeedback) -> "WindowedLinUCBPolicy":
        """Return the policy after `feedback`."""
        return replace(self, windowed=self.windowed.learn(feedback))
