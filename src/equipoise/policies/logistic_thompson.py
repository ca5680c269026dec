"""Thompson sampling on a logistic model whose weights all items share.

Chapelle and Li (2011), "An empirical evaluation of Thompson sampling", with the full covariance. As in
`lin_thompson`, the draws are made when the policy learns, so that propensities are exact shares of them.
"""

from dataclasses import dataclass

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.logistic import Logistic
from equipoise.policies.voting import Voters, Voting
from equipoise.random import derive
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LogisticThompson:
    """Show what is best in a posterior draw of the weights, one of `draws` at random.

    `scale` multiplies the posterior deviations: Chapelle and Li (2011) found half of them best.
    `half_life`: impressions after which what was learnt counts half. `seed` names the stream of the draws.
    """

    draws: int = 32
    scale: float = 0.5
    half_life: float = 100_000.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (self.draws >= 1 and self.scale > 0.0 and self.half_life > 0.0):
            raise BadInputError("logistic_thompson", "needs draws >= 1, scale > 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "LogisticThompsonPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return _drawn(self, Logistic.prior(n_features, prior_mean, half_life=self.half_life), 0)


@dataclass(frozen=True, slots=True)
class LogisticThompsonPolicy(Voting):
    """The policy of `LogisticThompson`: what it knows after `updates` updates, and its draws (d, draws)."""

    config: LogisticThompson
    logistic: Logistic
    updates: int
    draws: Floats

    def voters(self) -> Voters:
        """Return the draws; log-odds order candidates as their chances do."""
        return Voters(self.logistic.weights(), self.draws)

    def update(self, feedback: LoggedFeedback) -> "LogisticThompsonPolicy":
        """Return the policy after `feedback`, with fresh draws."""
        if len(feedback) == 0:
            return self
        return _drawn(self.config, self.logistic.learn(feedback), self.updates + 1)


def _drawn(config: LogisticThompson, logistic: Logistic, updates: int) -> LogisticThompsonPolicy:
    rng = derive(config.seed, "logistic_thompson", updates)
    return LogisticThompsonPolicy(config, logistic, updates, logistic.draws(config.draws, config.scale, rng))
