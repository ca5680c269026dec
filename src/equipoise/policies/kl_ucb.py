"""KL-UCB: the highest mean that the counts do not yet rule out (Garivier and Cappé, 2011).

"The KL-UCB algorithm for bounded stochastic bandits and beyond", algorithm 1 with c = 0, as it advises.
"""

from dataclasses import dataclass
from math import log

import numpy as np
from scipy.special import rel_entr, xlogy

from equipoise.policies.on_counts import Counting, OnCounts
from equipoise.policies.optimistic import Optimistic
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Weigh
from equipoise.types import Floats

_NONE = 0.01
"""An item never shown counts as shown so often: its bound is 1 to many digits."""
_STEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class KlUcb(Counting):
    """Show the largest q with n kl(p, q) <= ln t, ties split at random.

    p is the mean of the item, scaled to [0, 1], over `n` of the `t` impressions remembered, and kl the
    relative entropy of Bernoulli laws.
    """

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "KlUcbPolicy":
        """Return the policy before any feedback."""
        return KlUcbPolicy(self.belief(n_features, prior_mean), self)


@dataclass(frozen=True, slots=True)
class KlUcbPolicy(OnCounts):
    """The policy of `KlUcb`."""

    config: KlUcb

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh nothing but the highest bound."""
        items, places = np.unique(options.items, return_inverse=True)
        (low, high), means = self.belief.range.ends, self.belief.means(items)
        successes, trials = self.belief.successes(items)
        shown = np.maximum(trials, _NONE)
        bounds = upper_bounds(successes / shown, log(max(self.belief.seen, 2.0)) / shown)
        places = places.reshape(options.items.shape)
        return means[places], Optimistic((low + (high - low) * bounds - means)[places])


def upper_bounds(p: Floats, far: Floats) -> Floats:
    """Return the largest q in [p, 1] with kl(p, q) <= `far`, for any shape; p in [0, 1], far >= 0.

    Newton's method on a convex function, from the right of its root: it comes down on it and never passes.
    It starts from the lesser of two bounds, Pinsker's and that of p ln(p / q) >= p ln p.
    """
    tail = np.exp(-(far - xlogy(p, p)) / np.maximum(1.0 - p, 1e-300))
    q = np.minimum(p + np.sqrt(far / 2.0), 1.0 - (1.0 - p) * tail)
    for _ in range(_STEPS):
        inside = (q > p) & (q < 1.0)
        excess = rel_entr(p, q) + rel_entr(1.0 - p, 1.0 - q) - far
        slope = np.where(inside, (q - p) / np.where(inside, q * (1.0 - q), 1.0), np.inf)
        q = np.clip(q - np.where(inside, np.maximum(excess, 0.0), 0.0) / slope, p, 1.0)
    return np.asarray(q)
