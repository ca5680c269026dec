"""Thompson sampling (Thompson, 1933) on the bank of state-space models, slot by slot.

A slot is filled by each candidate in proportion to the posterior draws in which it is the best of what is
left. The draws are made once an update, so the propensities are exact, and multiples of 1 / DRAWS.
"""

from dataclasses import dataclass, replace

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.bank.reward_model import RewardModel
from equipoise.policies.election import Votes
from equipoise.policies.policy import Options
from equipoise.policies.sampler import SlotBySlot, Weigh
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BankThompson:
    """Show each candidate as often as it may be the best. There is nothing to set."""

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "BankThompsonPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return BankThompsonPolicy(RewardModel.prior(n_features, prior_mean))


@dataclass(frozen=True, slots=True)
class BankThompsonPolicy(SlotBySlot):
    """The policy of `BankThompson`: what it believes."""

    belief: RewardModel

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the number of draws that a candidate wins."""
        drawn = self.belief.drawn(options.items, options.features)
        return drawn.means, Votes(drawn.means, drawn.draws)

    def update(self, feedback: LoggedFeedback) -> "BankThompsonPolicy":
        """Return the policy after `feedback`."""
        return replace(self, belief=self.belief.learn(feedback))
