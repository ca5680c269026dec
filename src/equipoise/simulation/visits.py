"""A visit: who came, and the history that grows with each reaction."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.simulation.behaviour import Reaction
from equipoise.types import Ints

REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class Visit:
    """A shopper's visit: `history` (h,) oldest first, `slates` how many were looked at so far."""

    shopper: int
    history: Ints
    slates: int = 0

    @classmethod
    def of(cls, shopper: int, histories: Histories) -> "Visit":
        """Begin a visit with what the shopper really bought before."""
        return cls(shopper, histories[shopper][-REMEMBERED:])

    def after(self, items: Ints, reaction: Reaction) -> "Visit":
        """Return the visit after a `reaction` to a slate of `items`: what was clicked joins the history."""
        history = np.concatenate((self.history, items[reaction.clicked]))
        return Visit(self.shopper, history[-REMEMBERED:], self.slates + 1)
