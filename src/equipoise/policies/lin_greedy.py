"""Greedy on the Bayesian linear belief: always the best guess. It learns, but never in order to learn."""

from dataclasses import dataclass, replace

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.belief import ITEM_SPREAD, Belief
from equipoise.policies.policy import Options
from equipoise.policies.sampler import SlotBySlot, Weigh, best_only
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LinGreedy:
    """Show what is believed to earn most; exact ties are split at random.

    `half_life`: impressions after which what was learnt counts half. `item_spread`: how far item terms
    are expected to lie from 0, as a share of the mean reward.
    """

    half_life: float = 100_000.0
    item_spread: float = ITEM_SPREAD

    def __post_init__(self) -> None:
        if not (self.half_life > 0.0 and self.item_spread > 0.0):
            raise BadInputError("lin_greedy", "needs half_life > 0 and item_spread > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "LinGreedyPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        belief = Belief.prior(n_features, prior_mean, half_life=self.half_life, item_spread=self.item_spread)
        return LinGreedyPolicy(self, belief)


@dataclass(frozen=True, slots=True)
class LinGreedyPolicy(SlotBySlot):
    """The policy of `LinGreedy`: its configuration and what it believes."""

    config: LinGreedy
    belief: Belief

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh nothing but the best."""
        return self.belief.means(options.items, options.features), best_only

    def update(self, feedback: LoggedFeedback) -> "LinGreedyPolicy":
        """Return the policy after `feedback`."""
        return replace(self, belief=self.belief.learn(feedback))

    def means(self, n_items: int) -> Floats:
        """Return what each item is believed to earn beyond its features, (n_items,)."""
        return self.belief.item_means(n_items)

    def deviations(self, n_items: int) -> Floats:
        """Return how unsure that is: the posterior standard deviation, (n_items,)."""
        return self.belief.item_deviations(n_items)
