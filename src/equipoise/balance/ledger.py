"""What of the budget is spent, what the next slate may still explore, and what was refused and why."""

from dataclasses import dataclass

import numpy as np

from equipoise.balance.budget import Budget
from equipoise.balance.grant import Grant
from equipoise.balance.positions import Positions
from equipoise.balance.reason import Reason
from equipoise.balance.spending import Spending, Spent
from equipoise.balance.window import Window
from equipoise.balance.windows import Windows
from equipoise.types import Bools

CHECKOUT = "checkout"
_SURFACES = 1_000
_DIGITS = bytes.maketrans(b"\x00\x01", b"01")


@dataclass(frozen=True, slots=True)
class Charge:
    """A slate shown to `user` on `surface`, of which `explored` (k,) were; `flags` are its k bits."""

    user: str
    surface: str
    explored: Bools
    flags: int
    spent: int

    @classmethod
    def of(cls, user: str, surface: str, explored: Bools) -> "Charge":
        """Return the charge of a slate of which `explored` (k,), from the top."""
        flags = int(explored.tobytes().translate(_DIGITS) or b"0", 2)
        return cls(user, surface, explored, flags, flags.bit_count())


class Ledger:
    """Keeps a `Budget` in every window of impressions; bounded in memory, and used from one thread.

    `grant` says what a slate may explore. A slate within its grant is `hold`-ed when it is decided and
    then either `settle`-d, in the order in which slates became final, or `release`-d if it was not shown.
    `book` counts a slate that was never held: one shown at once, or read from the log.
    `enabled` is the kill switch: where it is False, the next slate explores nothing.
    """

    def __init__(self, budget: Budget, *, enabled: bool = True) -> None:
        self.budget, self.enabled = budget, enabled
        self._protected = frozenset(budget.protected_surfaces)
        self._all = Window(budget.share, budget.window)
        self._users = Windows(budget.per_user, budget.window, capacity=budget.users)
        self._surfaces = Windows(budget.per_surface, budget.window, capacity=_SURFACES)
        self._positions = Positions(budget.per_position, budget.window)
        self._refused: dict[Reason, float] = {}

    def grant(self, user: str, surface: str, k: int) -> Grant:
        """Return what a slate of `k` for `user` on `surface` may explore now."""
        if not self.enabled:
            return Grant.nothing(k, Reason.KILL_SWITCH)
        if surface in self._protected:
            return Grant.nothing(k, Reason.CHECKOUT if surface == CHECKOUT else Reason.PROTECTED)
        positions, cause = self._left(user, surface, k)
        if positions == 0:
            return Grant.nothing(k, cause)
        allowed, where = self._allowed(k)
        return Grant(
            positions=positions, allowed=allowed, cause=cause if positions < k else None, where=where
        )

    def hold(self, charge: Charge) -> None:
        """Count what a decided slate explores."""
        if charge.spent:
            for window in self._windows(charge):
                window.hold(charge.spent)
            if self._positions.share < 1.0:
                self._positions.hold(charge.explored)

    def release(self, charge: Charge) -> None:
        """Forget a held slate that was not shown."""
        if charge.spent:
            for window in self._windows(charge):
                window.release(charge.spent)
            if self._positions.share < 1.0:
                self._positions.release(charge.explored)

    def settle(self, charge: Charge) -> None:
        """Count a held slate as shown."""
        self.release(charge)
        self.book(charge)

    def book(self, charge: Charge) -> None:
        """Count a slate that was shown and never held."""
        for window in self._windows(charge):
            window.book(charge.flags, len(charge.explored))
        self._positions.book(charge.explored)

    def refuse(self, cause: Reason, amount: float) -> None:
        """Note that `cause` kept a policy from exploring, at an expected `amount` of positions."""
        self._refused[cause] = self._refused.get(cause, 0.0) + amount

    def state(self) -> Spending:
        """Return what was spent and refused so far."""
        return Spending(
            enabled=self.enabled,
            budget=self.budget,
            overall=Spent.of(self._all),
            surfaces={name: Spent.of(window) for name, window in self._surfaces.items()},
            positions=Spent.each(self._positions),
            users=len(self._users),
            users_forgotten=self._users.forgotten,
            refused={str(cause): amount for cause, amount in self._refused.items()},
        )

    def _left(self, user: str, surface: str, k: int) -> tuple[int, Reason]:
        """Return how many positions may be explored, and which window has the least left."""
        least, cause = self._all.left(k), Reason.BUDGET_SPENT
        if least > 0 and self._users.share < 1.0:
            left = self._users.peek(user).left(k)
            if left < least:
                least, cause = left, Reason.USER_BUDGET_SPENT
        if least > 0 and self._surfaces.share < 1.0:
            left = self._surfaces.peek(surface).left(k)
            if left < least:
                least, cause = left, Reason.SURFACE_BUDGET_SPENT
        return least, cause

    def _allowed(self, k: int) -> tuple[Bools, Reason | None]:
        """Return at which positions a slate may explore, (k,), and why not at all of them."""
        first = self.budget.protected_positions
        if self._positions.share >= 1.0 and first == 0:
            return np.ones(k, np.bool_), None
        allowed = self._positions.allowed(k)
        # Bytes are searched three times faster than a short array is reduced.
        where = Reason.POSITION_BUDGET_SPENT if b"\x00" in allowed[first:].tobytes() else None
        if first > 0:
            allowed[:first], where = False, where or Reason.PROTECTED
        return allowed, where

    def _windows(self, charge: Charge) -> list[Window]:
        """Return the windows that a slate counts in as a whole."""
        windows = [self._all, self._surfaces.at(charge.surface)]
        if self._users.share < 1.0:
            windows.append(self._users.at(charge.user))
        return windows
