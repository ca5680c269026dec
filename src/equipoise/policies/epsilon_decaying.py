"""Epsilon-greedy that explores less the more it has seen: epsilon_n-greedy (Auer et al., 2002, figure 3).

Auer, Cesa-Bianchi and Fischer, "Finite-time analysis of the multiarmed bandit problem".
"""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.mostly_greedy import MostlyGreedy
from equipoise.policies.on_counts import Counting, OnCounts
from equipoise.policies.policy import NOTHING, Options
from equipoise.policies.sampler import Weigh
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class EpsilonDecaying(Counting):
    """epsilon = min(1, `pace` K / t) ** `fading`, with K candidates and t impressions remembered.

    `pace` is c / d^2 of the paper: about how often each candidate is tried before greed sets in. `fading` is
    1 there; less lets exploration last, and 0.5 has each candidate tried in proportion to the square root of
    t. As t stops growing where old impressions are forgotten, so does epsilon stop falling.
    """

    pace: float = 5.0
    fading: float = 1.0

    def __post_init__(self) -> None:
        Counting.__post_init__(self)
        if not self.pace >= 0.0:
            raise BadInputError("pace", f"must not be negative, but is {self.pace}")
        if not 0.0 < self.fading <= 1.0:
            raise BadInputError("fading", f"must lie in (0, 1], not {self.fading}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "EpsilonDecayingPolicy":
        """Return the policy before any feedback."""
        return EpsilonDecayingPolicy(self.belief(n_features, prior_mean), self)

    def exploring(self, candidates: Ints, seen: float | Floats, scale: float) -> Weigh:
        """Return the weighing, the greedier the more was `seen`."""
        share = np.minimum(1.0, self.pace * candidates / np.maximum(seen, 1.0))
        return MostlyGreedy(share**self.fading)


@dataclass(frozen=True, slots=True)
class EpsilonDecayingPolicy(OnCounts):
    """The policy of `EpsilonDecaying`."""

    config: EpsilonDecaying

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh mostly the best guess, the more so the more was seen."""
        belief, candidates = self.belief, (options.items != NOTHING).sum(axis=1, keepdims=True)
        weigh = self.config.exploring(candidates, belief.seen, belief.attention.scale.mean)
        return belief.means(options.items), weigh
