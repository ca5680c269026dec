"""What the policies on counts have in common: how long they remember, and what they learn."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.counts import Counts, FadingCounts
from equipoise.policies.item_belief import ItemBelief
from equipoise.policies.policy import prior_of
from equipoise.policies.sampler import SlotBySlot
from equipoise.policies.window import WindowCounts
from equipoise.types import Floats

MEAN_SPREAD = 0.5
"""How far item means are expected to lie from each other, as a share of the mean reward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How counts forget and shrink.

    `half_life`: impressions after which what was learnt counts half; or `window`: only the last so many
    count, and all alike. `item_spread`: how far item means are expected to lie from each other, as a share
    of the mean reward.
    """

    half_life: float = 100_000.0
    window: int | None = None
    item_spread: float = MEAN_SPREAD

    def __post_init__(self) -> None:
        if not (self.half_life > 0.0 and self.item_spread > 0.0):
            raise BadInputError("half_life", "must be above 0, as must item_spread")
        if self.window is not None and self.window < 1:
            raise BadInputError("window", f"is a number of impressions, at least 1, not {self.window}")

    def belief(self, n_features: int, prior_mean: Floats | None) -> ItemBelief:
        """Return the belief before any feedback; features, and so `prior_mean` (d,), say nothing to it."""
        prior_of(n_features, prior_mean)
        counts: Counts = (
            FadingCounts.none(self.half_life) if self.window is None else WindowCounts.none(self.window)
        )
        return ItemBelief.none(n_features, counts, item_spread=self.item_spread)


@dataclass(frozen=True, slots=True)
class OnCounts(SlotBySlot):
    """A policy that believes in one mean for each item, whoever is looking."""

    belief: ItemBelief

    def update(self, feedback: LoggedFeedback) -> Self:
        """Return the policy after `feedback`."""
        return replace(self, belief=self.belief.learn(feedback))

    def means(self, n_items: int) -> Floats:
        """Return what each item is believed to earn on top, (n_items,)."""
        return self.belief.means(np.arange(n_items))

    def deviations(self, n_items: int) -> Floats:
        """Return how unsure that is: the posterior standard deviation, (n_items,)."""
        return self.belief.deviations(np.arange(n_items))
