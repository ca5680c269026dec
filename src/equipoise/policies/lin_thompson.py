"""Thompson sampling on a linear model whose weights all items share.

Agrawal and Goyal (2013), "Thompson sampling for contextual bandits with linear payoffs". The posterior
draws are made when the policy learns, not when it decides: until the next update every request meets the
same draws, and a candidate's propensity is the share of them that prefer it, exactly.
"""

from dataclasses import dataclass

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.ridge import Ridge
from equipoise.policies.voting import Voters, Voting
from equipoise.random import derive
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LinThompson:
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
            raise BadInputError("lin_thompson", "needs draws >= 1, scale > 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "LinThompsonPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return _drawn(self, Ridge.prior(n_features, prior_mean, half_life=self.half_life), 0)


@dataclass(frozen=True, slots=True)
class LinThompsonPolicy(Voting):
    """The policy of `LinThompson`: what it knows after `updates` updates, and its draws (d, draws)."""

    config: LinThompson
    ridge: Ridge
    updates: int
    draws: Floats

    def voters(self) -> Voters:
        """Return the draws."""
        return Voters(self.ridge.believed.mean, self.draws)

    def update(self, feedback: LoggedFeedback) -> "LinThompsonPolicy":
        """Return the policy after `feedback`, with fresh draws."""
        if len(feedback) == 0:
            return self
        return _drawn(self.config, self.ridge.learn(feedback), self.updates + 1)


def _drawn(config: LinThompson, ridge: Ridge, updates: int) -> LinThompsonPolicy:
    rng = derive(config.seed, "lin_thompson", updates)
    return LinThompsonPolicy(config, ridge, updates, ridge.believed.draws(config.draws, config.scale, rng))
