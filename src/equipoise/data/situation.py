"""What is known of a shopper when a slate is asked for, alike from a log and from memory."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from equipoise.events.facts import EVENT_TYPES
from equipoise.types import Bools, Floats, Ints

KINDS = {name: code for code, name in enumerate(EVENT_TYPES)}
MET = frozenset(KINDS[name] for name in ("view", "click", "favourite", "cart", "purchase", "rating"))
"""What a shopper met and wanted; taking back and being shown say nothing of what to show next."""
Row = tuple[int, int, int]
"""(time in microseconds, item code, place of the event type in `EVENT_TYPES`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a shopper met, oldest first: `items` (h,) codes, `kinds` (h,) places in `EVENT_TYPES`, `ages` (h,)
    in days before the request, and whether each was `here` (h,), in this very visit.
    """

    items: Ints
    kinds: Ints
    ages: Floats
    here: Bools

    @classmethod
    def of(cls, rows: Iterable[Row], visit: Iterable[Row], *, now: int, most: int) -> "Situation":
        """Return the situation at `now` (microseconds) of who did `rows`, of which `visit` were in this one.

        A row in both counts once; the newest `most` count.
        """
        here = set(visit)
        known = sorted(row for row in here.union(rows) if row[2] in MET)[-most:]
        table = np.array(known, np.int64).reshape(-1, 3)
        return cls(
            items=table[:, 1],
            kinds=table[:, 2],
            ages=np.maximum(now - table[:, 0], 0) / 86_400e6,
            here=np.array([row in here for row in known], np.bool_),
        )

    @classmethod
    def nothing(cls) -> "Situation":
        """Return that of someone of whom nothing is known."""
        return cls.of((), (), now=0, most=1)

    def __len__(self) -> int:
        return len(self.items)

    def did(self, *names: str) -> Bools:
        """Return which events are of one of the types called `names`, (h,)."""
        return np.isin(self.kinds, [KINDS[name] for name in names])

    def in_cart(self) -> Ints:
        """Return the items put into the cart in this visit and not bought since, as codes."""
        bought = self.items[self.here & self.did("purchase")]
        carted = self.items[self.here & self.did("cart")]
        return carted[~np.isin(carted, bought)]
