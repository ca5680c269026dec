"""Epsilon-greedy: the best guess, but for a fixed share of slots (Watkins, 1989; Sutton and Barto, 2018)."""

from dataclasses import dataclass

from equipoise.errors import BadInputError
from equipoise.policies.mostly_greedy import MostlyGreedy
from equipoise.policies.on_counts import Counting, OnCounts
from equipoise.policies.policy import NOTHING, Options
from equipoise.policies.sampler import Weigh
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class EpsilonGreedy(Counting):
    """At each slot, with probability `epsilon` any candidate left, else the highest estimated mean."""

    epsilon: float = 0.1

    def __post_init__(self) -> None:
        Counting.__post_init__(self)
        if not 0.0 <= self.epsilon <= 1.0:
            raise BadInputError("epsilon", f"is a probability, not {self.epsilon}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "EpsilonGreedyPolicy":
        """Return the policy before any feedback."""
        return EpsilonGreedyPolicy(self.belief(n_features, prior_mean), self)

    def exploring(self, candidates: Ints, seen: float | Floats, scale: float) -> Weigh:
        """Return the weighing, the same whatever was seen."""
        return MostlyGreedy(self.epsilon)


@dataclass(frozen=True, slots=True)
class EpsilonGreedyPolicy(OnCounts):
    """The policy of `EpsilonGreedy`."""

    config: EpsilonGreedy

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh mostly the best guess."""
        belief, candidates = self.belief, (options.items != NOTHING).sum(axis=1, keepdims=True)
        weigh = self.config.exploring(candidates, belief.seen, belief.attention.scale.mean)
        return belief.means(options.items), weigh
