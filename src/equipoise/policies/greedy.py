"""The highest score, always: what a recommender without a bandit shows."""

from dataclasses import dataclass

from equipoise.policies.policy import Options
from equipoise.policies.sampler import SlotBySlot, Weigh, best_only
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Greedy:
    """Show the candidates in the order of their scores; exact ties are split at random."""

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "GreedyPolicy":
        """Return the policy; it needs neither features nor a prior."""
        return GreedyPolicy()

    def exploring(self, candidates: Ints, seen: float | Floats, scale: float) -> Weigh:
        """Return the weighing: nothing but the best."""
        return best_only


@dataclass(frozen=True, slots=True)
class GreedyPolicy(SlotBySlot):
    """The policy of `Greedy`."""

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh nothing but the highest score."""
        return options.scores, best_only
