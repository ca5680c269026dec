"""Epsilon-greedy that explores while its estimates still move: VDBE (Tokic, 2010).

"Adaptive epsilon-greedy exploration in reinforcement learning based on value differences", equations 4
and 5, for the one state that a policy without context has.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.item_belief import ItemBelief
from equipoise.policies.mostly_greedy import MostlyGreedy
from equipoise.policies.on_counts import Counting, OnCounts
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Weigh
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Vdbe(Counting):
    """epsilon moves, at each impression, towards how much that impression moved the estimate of its item.

    A difference of `sensitivity` times the mean reward of an impression asks for epsilon = 0.46, much more
    than that for 1, none for 0. As in the paper, epsilon goes 1 / (number of items) of the way.
    """

    sensitivity: float = 0.04

    def __post_init__(self) -> None:
        Counting.__post_init__(self)
        if not self.sensitivity > 0.0:
            raise BadInputError("sensitivity", f"must be above 0, not {self.sensitivity}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "VdbePolicy":
        """Return the policy before any feedback: it knows nothing, so epsilon is 1."""
        return VdbePolicy(self.belief(n_features, prior_mean), self, 1.0)


@dataclass(frozen=True, slots=True)
class VdbePolicy(OnCounts):
    """The policy of `Vdbe`."""

    config: Vdbe
    epsilon: float

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh mostly the best guess, the more so the less estimates move."""
        return self.belief.means(options.items), MostlyGreedy(self.epsilon)

    def update(self, feedback: LoggedFeedback) -> "VdbePolicy":
        """Return the policy after `feedback`."""
        if len(feedback) == 0:
            return self
        belief = self.belief.learn(feedback)
        shown = max(int((belief.counts.exposure > 0.0).sum()), 2)
        kept = (1.0 - 1.0 / shown) ** feedback.impressions.sum()
        asked = _asked(belief, feedback, self.config.sensitivity)
        return replace(self, belief=belief, epsilon=float(kept * self.epsilon + (1.0 - kept) * asked))


def _asked(belief: ItemBelief, feedback: LoggedFeedback, sensitivity: float) -> float:
    """Return the epsilon that the rows of `feedback` ask for on average, each by what it moved its item.

    That is judged by the `belief` after all of them: the last count most.
    """
    expected = feedback.impressions * belief.means(feedback.items)
    moved = np.abs(feedback.rewards - expected) * belief.rates(feedback.items)
    fades = np.exp(-moved / (sensitivity * belief.attention.scale.mean))
    return float(((1.0 - fades) / (1.0 + fades)).mean())
