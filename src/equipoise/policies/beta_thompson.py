"""Thompson sampling on Bernoulli means with Beta posteriors (Thompson, 1933; Chapelle and Li, 2011).

Rewards of other sizes count as fractions of a success, as their expectation allows (Agrawal and Goyal,
2012, instead toss a coin of that chance).
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.gaussian_thompson import DRAWS
from equipoise.policies.item_draws import betas
from equipoise.policies.on_counts import Counting, OnCounts
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Weigh
from equipoise.policies.votes import ItemVotes
from equipoise.types import Floats, Ints

_LEAST = 0.5
"""The prior holds at least half a failure, so that a mean of 1 is never certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaThompson(Counting):
    """At each slot P(a) is the share of `draws` from the posterior in which a is the best left.

    The prior of an item has the mean of all items, and a deviation of about `item_spread` times that. The
    draws are a function of the policy: new ones come with each update.
    """

    draws: int = DRAWS

    def __post_init__(self) -> None:
        Counting.__post_init__(self)
        if self.draws < 1:
            raise BadInputError("draws", f"must be at least 1, not {self.draws}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "BetaThompsonPolicy":
        """Return the policy before any feedback."""
        return BetaThompsonPolicy(self.belief(n_features, prior_mean), self, 0)


@dataclass(frozen=True, slots=True)
class BetaThompsonPolicy(OnCounts):
    """The policy of `BetaThompson`; `turn` counts its updates and seeds its draws."""

    config: BetaThompson
    turn: int

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the votes of the draws."""
        items, places = np.unique(options.items, return_inverse=True)
        (a, b), (low, high) = self._posterior(items), self.belief.range.ends
        means = a / (a + b)
        drawn = betas(a, b, items, self.turn, self.config.draws)
        places = places.reshape(options.items.shape)
        return low + (high - low) * means[places], ItemVotes((high - low) * (drawn - means[:, None]), places)

    def update(self, feedback: LoggedFeedback) -> Self:
        """Return the policy after `feedback`, with other draws."""
        if len(feedback) == 0:
            return self
        return replace(self, belief=self.belief.learn(feedback), turn=self.turn + 1)

    def _posterior(self, items: Ints) -> tuple[Floats, Floats]:
        """Return the parameters of the Beta laws of `items` (...)."""
        (low, high), tight = self.belief.range.ends, self.config.item_spread**-2
        overall = min(max((self.belief.common.mean - low) / (high - low), 1e-9), 1.0)
        successes, trials = self.belief.successes(items)
        a = max(tight, _LEAST) + successes
        return a, max(tight * (1.0 - overall) / overall, _LEAST) + trials - successes
