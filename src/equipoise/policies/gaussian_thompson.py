"""Thompson sampling on Normal means: show what is best in a world drawn from the posterior.

Agrawal and Goyal (2013, "Further optimal regret bounds for Thompson sampling"), with the noise and the
prior of the means estimated from all items.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.item_draws import normals
from equipoise.policies.on_counts import Counting, OnCounts
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Weigh
from equipoise.policies.votes import ItemVotes
from equipoise.types import Floats

DRAWS = 64
"""How many draws a policy keeps: propensities are multiples of 1 / DRAWS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaussianThompson(Counting):
    """At each slot P(a) is the share of `draws` from the posterior in which a is the best left.

    The draws are a function of the policy: new ones come with each update.
    """

    draws: int = DRAWS

    def __post_init__(self) -> None:
        Counting.__post_init__(self)
        if self.draws < 1:
            raise BadInputError("draws", f"must be at least 1, not {self.draws}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "GaussianThompsonPolicy":
        """Return the policy before any feedback."""
        return GaussianThompsonPolicy(self.belief(n_features, prior_mean), self, 0)


@dataclass(frozen=True, slots=True)
class GaussianThompsonPolicy(OnCounts):
    """The policy of `GaussianThompson`; `turn` counts its updates and seeds its draws."""

    config: GaussianThompson
    turn: int

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the votes of the draws."""
        items, places = np.unique(options.items, return_inverse=True)
        drawn = normals(items, self.turn, self.config.draws)
        drawn = self.belief.deviations(items)[:, None] * drawn
        return self.belief.means(options.items), ItemVotes(drawn, places.reshape(options.items.shape))

    def update(self, feedback: LoggedFeedback) -> Self:
        """Return the policy after `feedback`, with other draws."""
        if len(feedback) == 0:
            return self
        return replace(self, belief=self.belief.learn(feedback), turn=self.turn + 1)
