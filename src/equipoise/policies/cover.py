"""Online cover: regressions that are paid, each more than the last, for what is seldom shown.

After Agarwal, Hsu, Kale, Langford, Li and Schapire (2014), "Taming the monster", section 5: a policy of the
cover maximises reward plus mu / q(a), with q(a) the chance that those so far give to a. Feedback holds what
was shown and not what else was offered, so 1 / q is regressed here: among rows shown with propensity p, the
mean of 1 / p is how much oftener their like is offered than shown.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.attention import kept
from equipoise.policies.ridge import Ridge
from equipoise.policies.voting import Voters, Voting
from equipoise.types import Floats

_RAREST = 1_000.0
"""No 1 / p counts more: one lucky row would otherwise be all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A slot goes to one of `members` at random, but with mu * `epsilon` to each candidate.

    Member i of s maximises reward + i / (s - 1) * `bonus` * sqrt(noise) * mu / q, where mu = 1 / sqrt(K t)
    after t impressions among K candidates on average. `half_life`: impressions after which what was learnt
    counts half.
    """

    members: int = 8
    bonus: float = 0.3
    epsilon: float = 0.05
    half_life: float = 100_000.0

    def __post_init__(self) -> None:
        if not (self.members >= 2 and min(self.bonus, self.epsilon) >= 0.0 and self.half_life > 0.0):
            raise BadInputError("cover", "needs members >= 2, bonus >= 0, epsilon >= 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "CoverPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        ridge = Ridge.prior(n_features, prior_mean, half_life=self.half_life)
        return _covered(self, ridge, offered=0.0, rarity=np.zeros(n_features))


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverPolicy(Voting):
    """The policy of `Cover`: `offered` sums 1 / p, and `rarity` (d,) features / p, over what was shown.

    `cover` is who votes, as those sums make them.
    """

    config: Cover
    ridge: Ridge
    offered: float
    rarity: Floats
    cover: Voters

    def voters(self) -> Voters:
        """Return the cover."""
        return self.cover

    def update(self, feedback: LoggedFeedback) -> "CoverPolicy":
        """Return the policy after `feedback`."""
        if len(feedback) == 0:
            return self
        keep, exposure = kept(feedback, self.config.half_life), self.ridge.attention.exposure(feedback)
        often = exposure * np.minimum(1.0 / feedback.propensities, _RAREST)
        return _covered(
            self.config,
            self.ridge.learn(feedback),
            offered=keep * self.offered + float(often.sum()),
            rarity=keep * self.rarity + often @ feedback.features.astype(np.float64),
        )


def _covered(config: Cover, ridge: Ridge, *, offered: float, rarity: Floats) -> CoverPolicy:
    mu = 1.0 / np.sqrt(max(offered, ridge.attention.scale.exposure, 1.0))
    rare = ridge.weights_for(rarity) * (config.bonus * np.sqrt(ridge.noise) * mu)
    mean, paid = ridge.believed.mean, np.linspace(0.0, 1.0, config.members)
    cover = Voters(mean, mean[:, None] + np.outer(rare, paid), float(config.epsilon * mu))
    return CoverPolicy(config=config, ridge=ridge, offered=offered, rarity=rarity, cover=cover)
