"""A Markov decision process small enough to write down, and its exact solution by value iteration.

Bellman, 1957, "A Markovian decision process"; Sutton and Barto, 2018, section 4.4.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What may happen: s states, a actions, in the order of their names.

    `chances` (s, a, s) is P(next state | state, action) and `rewards` (s, a, s) what that step earns;
    `start` (s,) how likely an episode begins in each state, `final` (s,) where it ends.
    """

    states: tuple[str, ...]
    actions: tuple[str, ...]
    chances: Floats
    rewards: Floats
    start: Floats
    final: Ints

    def __post_init__(self) -> None:
        s, a = len(self.states), len(self.actions)
        if self.chances.shape != (s, a, s) or self.rewards.shape != (s, a, s):
            raise BadInputError("process", f"chances and rewards must be ({s}, {a}, {s}), one a step")
        if (self.chances < 0).any() or not np.allclose(self.chances.sum(axis=2), 1.0):
            raise BadInputError("chances", "must not be negative, and sum to 1 over the next states")
        if self.start.shape != (s,) or not np.isclose(self.start.sum(), 1.0) or self.final.shape != (s,):
            raise BadInputError("start", f"must be {s} chances that sum to 1, and final {s} numbers 0 or 1")

    def solved(self, discount: float, *, tolerance: float = 1e-10) -> Floats:
        """Return Q* (s, a): the expected discounted return of an action and the best ones after it."""
        discounted(discount)
        expected = (self.chances * self.rewards).sum(axis=2)
        going_on = discount * (1.0 - self.final)
        q, change = np.zeros(expected.shape), np.inf
        while change > tolerance:
            following = expected + self.chances @ (going_on * q.max(axis=1))
            change, q = float(np.abs(following - q).max()), following
        q[self.final.astype(bool)] = 0.0
        return q

    def valued(self, policy: Floats, discount: float) -> Floats:
        """Return V (s,) of a `policy` (s, a) of chances, 0 in final states, by solving Bellman's equation."""
        discounted(discount)
        earned = np.einsum("ij,ijk,ijk->i", policy, self.chances, self.rewards)
        going_on = np.einsum("ij,ijk->ik", policy, self.chances) * (1.0 - self.final)
        values = np.linalg.solve(np.eye(len(earned)) - discount * going_on, earned)
        return np.where(self.final.astype(bool), 0.0, values)


def discounted(discount: float) -> float:
    """Return `discount`, refused unless it is in [0, 1)."""
    if not 0.0 <= discount < 1.0:
        raise BadInputError("discount", f"must lie in [0, 1), so that returns are finite, not {discount}")
    return discount
