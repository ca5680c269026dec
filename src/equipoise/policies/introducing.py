"""New arrivals get a share: now and then a position is drawn among them alone, whatever else is believed.

A policy that has never seen an item go wrong or right has only its features to go by. Where these say that
new items earn little, one that explores what it is unsure of may show none of them, and never learn better.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, Slates
from equipoise.policies.sampler import Revise, Slot, SlotBySlot, Weigh, shared
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Introducing(SlotBySlot):
    """`policy`, but with chance `share` each position is drawn among the `fresh` (n, m) candidates left.

    Of these each has a chance in proportion to what the policy believes it is worth, and all of them the
    same one where it believes none is worth anything. Where none is left, the policy chooses. Propensities
    are those of the two together: P = (1 - share) w / sum(w) + share v / sum(v).
    """

    policy: SlotBySlot
    fresh: Bools
    share: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0:
            raise BadInputError("share", f"must lie in [0, 1], not {self.share}")
        if self.fresh.ndim != 2:
            raise BadInputError("fresh", f"must be (n, m), but its shape is {self.fresh.shape}")

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh as the policy does and by worth among what is fresh, the one or the other by chance."""
        if len(self.fresh) != len(options) or (self.fresh.size and self.fresh.shape != options.items.shape):
            raise BadInputError(
                "fresh", f"has the shape {self.fresh.shape}, but the options have {options.items.shape}"
            )
        worth, weigh = self.policy.weighing(options)
        if self.share == 0.0 or not self.fresh.any():
            return worth, weigh
        return worth, _Introduced(weigh=weigh, fresh=self.fresh, share=self.share)

    def revising(self, options: Options) -> Revise | None:
        """Return how the policy revises worths."""
        return self.policy.revising(options)

    def by_expert(self, options: Options, actions: Ints) -> Floats | None:
        """Return the probabilities of `actions` (n, k) under the policies that the policy mixes."""
        return self.policy.by_expert(options, actions)

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Draw one slate of `k` positions for each request, with what each expert made of it, if any."""
        # Not super(): with slots, the decorated class is another one than it would look for.
        slates = SlotBySlot.decide(self, options, k, rng=rng)
        return replace(slates, by_expert=self.by_expert(options, slates.actions))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Introduced:
    """1 - `share` of the chance by `weigh`, `share` by worth among what is `fresh` (n, m) and left."""

    weigh: Weigh
    fresh: Bools
    share: float

    def __call__(self, slot: Slot) -> Floats:
        weights, there = self.weigh(slot), self.fresh & (slot.left > -np.inf)
        some = there.any(axis=1, keepdims=True)
        introduced = self.share * shared(_by_worth(slot, there))
        return np.where(some, (1.0 - self.share) * shared(weights) + introduced, weights)


def _by_worth(slot: Slot, there: Bools) -> Floats:
    """Return how much more than nothing each of those `there` (n, m) is worth; 1 each where none is."""
    positive = np.where(there, np.maximum(slot.left, 0.0), 0.0)
    worthless = ~positive.any(axis=1, keepdims=True)
    return np.where(worthless, there, positive)
