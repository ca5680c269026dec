"""A window for each position of slates: the law of `Window`, for a whole slate in one compiled pass."""

import numpy as np

from equipoise.kernels import kernel
from equipoise.types import Bools, Ints

LAST = 99
"""Positions from here on are not told apart, and not explored where positions have a limit."""


class Positions:
    """The last `length` impressions at each position; of them at most `share` are explored.

    As in `Window`, with slates of one impression each.
    """

    def __init__(self, share: float, length: int) -> None:
        self.share, self.length = share, length
        self._rings = np.zeros((LAST, length), np.bool_)
        self.seen, self.spent, self.held = np.zeros((3, LAST), np.int64)
        self._compile()

    def allowed(self, k: int) -> Bools:
        """Return which of the next slate's `k` positions may be explored, (k,)."""
        return _allowed(k, self.share, self._rings, self.seen, self.spent, self.held)

    def hold(self, explored: Bools) -> None:
        """Count what a slate explores, (k,), that is not final yet."""
        _hold(explored, 1, self.held)

    def release(self, explored: Bools) -> None:
        """Undo `hold`."""
        _hold(explored, -1, self.held)

    def book(self, explored: Bools) -> None:
        """Count a slate's impressions, (k,) True where explored."""
        _book(explored, self._rings, self.seen, self.spent)

    def _compile(self) -> None:
        """Compile everything now, so that no request waits for it."""
        nothing = np.zeros(0, np.bool_)
        self.allowed(0)
        self.hold(nothing)
        self.book(nothing)


@kernel
def _allowed(k: int, share: float, rings: Bools, seen: Ints, spent: Ints, held: Ints) -> Bools:
    last, length = rings.shape
    allowed = np.full(k, share >= 1.0)
    for place in range(min(k, last)):
        next_ = seen[place]
        most = int(share * min(next_ + 1, length))
        recent = spent[place] - rings[place, next_ % length]
        allowed[place] = recent + held[place] < most
    return allowed


@kernel
def _hold(explored: Bools, step: int, held: Ints) -> None:
    for place in range(min(len(explored), len(held))):
        held[place] = max(0, held[place] + step * int(explored[place]))


@kernel
def _book(explored: Bools, rings: Bools, seen: Ints, spent: Ints) -> None:
    last, length = rings.shape
    for place in range(min(len(explored), last)):
        at = seen[place] % length
        spent[place] += int(explored[place]) - int(rings[place, at])
        rings[place, at] = explored[place]
        seen[place] += 1
