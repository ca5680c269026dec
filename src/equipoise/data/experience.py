"""What followed a slate: the steps that values beyond the next click are learnt and judged from."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """n steps, each a slate of k of m candidates with d features.

    `items` (n, m) codes and `features` (n, m, d) float32 of the candidates, `following_items` and `following`
    the same at the shopper's next request; `places` (n, k) of
    the slate, -1 for none; `propensities` (n, k) P(place | those above) of the policy that chose;
    `rewards` (n, k); `clicked` (n,) the position, -1 for none; `done` (n,) 1 where the episode ended;
    `shoppers` (n,) whose step it was: the steps of one are in order, and the next after `done` is another's.
    """

    items: Ints
    features: Floats
    places: Ints
    propensities: Floats
    rewards: Floats
    clicked: Ints
    following_items: Ints
    following: Floats
    done: Ints
    shoppers: Ints

    def __post_init__(self) -> None:
        n = len(self.features)
        if any(len(getattr(self, field.name)) != n for field in fields(self)):
            raise BadInputError("experience", "all arrays must have one row a step")
        if self.features.shape != self.following.shape or self.places.shape != self.rewards.shape:
            raise BadInputError("experience", "features and following, places and rewards differ in shape")
        if not (np.isfinite(self.features).all() and np.isfinite(self.rewards).all()):
            raise BadInputError("experience", "features and rewards must be finite numbers")

    def __len__(self) -> int:
        return len(self.features)

    def take(self, rows: Ints) -> Self:
        """Return the steps at `rows`, an index array."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return all steps of `parts`, in order."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})

    def returns(self, discount: float) -> Floats:
        """Return the discounted rewards from each step to its episode's end, or that of the log, (n,)."""
        found, ahead = np.empty(len(self)), np.zeros(int(self.shoppers.max(initial=-1)) + 1)
        earned = self.rewards.sum(axis=1)
        for row in range(len(self) - 1, -1, -1):
            who = self.shoppers[row]
            ahead[who] = earned[row] + discount * ahead[who] * (1 - self.done[row])
            found[row] = ahead[who]
        return found
