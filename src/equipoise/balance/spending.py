"""The state of a budget as anyone may read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.balance.budget import Budget
from equipoise.balance.positions import Positions
from equipoise.balance.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One window: of its `impressions`, `explored` were; `pending` more are decided but not final.

    `limit` is the largest share allowed, 1 for none.
    """

    impressions: int
    explored: int
    pending: int
    limit: float

    @classmethod
    def of(cls, window: Window) -> "Spent":
        """Return the state of `window` now."""
        return cls(
            impressions=window.impressions,
            explored=window.spent,
            pending=window.held,
            limit=window.share,
        )

    @classmethod
    def each(cls, positions: Positions) -> "tuple[Spent, ...]":
        """Return the state of every position that was ever filled, from the top."""
        columns = positions.seen.tolist(), positions.spent.tolist(), positions.held.tolist()
        return tuple(
            cls(
                impressions=min(seen, positions.length),
                explored=spent,
                pending=held,
                limit=positions.share,
            )
            for seen, spent, held in zip(*columns, strict=True)
            if seen > 0
        )

    @property
    def share(self) -> float | None:
        """The share explored; None where nothing was shown."""
        return self.explored / self.impressions if self.impressions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What a ledger has counted: by window, and the expected number of explorations `refused`, by cause.

    `users` are remembered one by one; `users_forgotten` were forgotten and stay in the sketch.
    """

    enabled: bool
    budget: Budget
    overall: Spent
    surfaces: Mapping[str, Spent]
    positions: tuple[Spent, ...]
    users: int
    users_forgotten: int
    refused: Mapping[str, float]
