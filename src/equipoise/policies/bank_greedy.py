"""Greedy on the bank of state-space models: always the best guess of a model that knows how to forget."""

from dataclasses import dataclass, replace

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.bank.reward_model import RewardModel
from equipoise.policies.policy import Options
from equipoise.policies.sampler import SlotBySlot, Weigh, best_only
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BankGreedy:
    """Show what is believed to earn most; exact ties are split at random. There is nothing to set."""

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "BankGreedyPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return BankGreedyPolicy(RewardModel.prior(n_features, prior_mean))


@dataclass(frozen=True, slots=True)
class BankGreedyPolicy(SlotBySlot):
    """The policy of `BankGreedy`: what it believes."""

    belief: RewardModel

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh nothing but the best."""
        return self.belief.means(options.items, options.features), best_only

    def update(self, feedback: LoggedFeedback) -> "BankGreedyPolicy":
        """Return the policy after `feedback`."""
        return replace(self, belief=self.belief.learn(feedback))
