"""UCB1: the highest upper confidence bound of Hoeffding's inequality (Auer et al., 2002, figure 1).

Auer, Cesa-Bianchi and Fischer, "Finite-time analysis of the multiarmed bandit problem". With fading counts
it is the discounted UCB, with a window the sliding-window UCB of Garivier and Moulines (2011).
"""

from dataclasses import dataclass
from math import log

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.on_counts import Counting, OnCounts
from equipoise.policies.optimistic import Optimistic
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Weigh
from equipoise.types import Floats

_NONE = 0.01
"""An item never shown counts as shown so often: its bound is above that of any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ucb1(Counting):
    """Show the highest mean + `width` * range * sqrt(2 ln t / n), ties split at random.

    `n` impressions of the item among `t` remembered. `width` 1 is the paper's: right for any rewards, and
    far too wide for rare ones, as clicks are.
    """

    width: float = 1.0

    def __post_init__(self) -> None:
        Counting.__post_init__(self)
        if not self.width >= 0.0:
            raise BadInputError("width", f"must not be negative, but is {self.width}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "Ucb1Policy":
        """Return the policy before any feedback."""
        return Ucb1Policy(self.belief(n_features, prior_mean), self)


@dataclass(frozen=True, slots=True)
class Ucb1Policy(OnCounts):
    """The policy of `Ucb1`."""

    config: Ucb1

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh nothing but the highest bound."""
        (low, high), means = self.belief.range.ends, self.belief.means(options.items)
        successes, trials = self.belief.successes(options.items)
        shown = np.maximum(trials, _NONE)
        bounds = successes / shown + self.config.width * np.sqrt(
            2.0 * log(max(self.belief.seen, 2.0)) / shown
        )
        return means, Optimistic(low + (high - low) * bounds - means)
