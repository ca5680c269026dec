"""Slates by votes: at each slot every voter names what it likes best of what is left.

A voter is a column of utilities: one optimistic index, or one posterior draw of many. A slot draws in
proportion to the votes, and a voter who likes several candidates alike splits its vote among them. The
whole walk down a slate is compiled, so that one request takes microseconds.
"""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import NOTHING, Options, Slates
from equipoise.policies.sampler import Slot, SlotBySlot
from equipoise.policies.walks import weigh_rows
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Votes:
    """Weigh by the share of votes, with a chance of at least `floor` for each candidate left.

    `ballots` (n, m, s) are the utilities that s voters give to candidates of `worth` (n, m), finite; where
    what is above changes the worth, it changes theirs as much. With K candidates left and
    f = min(floor, 1 / K) the chance of each is f + (1 - K f) * share.
    """

    worth: Floats
    ballots: Floats
    floor: float = 0.0

    def __call__(self, slot: Slot) -> Floats:
        """Return the weights at a slot."""
        weights = np.empty_like(slot.left)
        weigh_rows(self.worth, self.ballots, self.floor, slot.left, weights)
        return weights


class Elected(SlotBySlot):
    """A policy whose weighing is `Votes`; it walks down its slates without coming back here."""

    __slots__ = ()

    @abstractmethod
    def fill(
        self,
        options: Options,
        given: bool,
        actions: Ints,
        chances: Floats,
        explored: Bools,
        exploration: Floats,
    ) -> None:
        """Fill the slates of `options`: `actions`, `chances`, `explored` (n, k) and `exploration` (n,).

        If `given`, actions are kept, and from the first that could not have been drawn on all chances are
        0. Else they are drawn, by the uniform numbers that `chances` holds at first.
        """

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Draw one slate of `k` positions for each request."""
        if k < 0:
            raise BadInputError("k", f"must not be negative, but is {k}")
        n = len(options.items)
        actions, chances = np.empty((n, k), np.int64), rng.random((n, k))
        explored, exploration = np.empty((n, k), np.bool_), np.empty(n)
        self.fill(options, False, actions, chances, explored, exploration)
        return Slates(actions=actions, propensities=chances, explored=explored, exploration=exploration)

    def propensities(self, options: Options, actions: Ints) -> Floats:
        """Return P(action | those above) for each position of `actions` (n, k), (n, k)."""
        m = options.items.shape[1]
        if actions.size and not NOTHING <= actions.min() <= actions.max() < max(m, 1):
            raise BadInputError("actions", f"must be places among {m} candidates, or {NOTHING}")
        chances, explored = np.empty(actions.shape), np.empty(actions.shape, np.bool_)
        self.fill(options, True, actions.astype(np.int64), chances, explored, np.empty(len(actions)))
        return chances
