"""What is remembered of a variant and of a slate, so that rewards can arrive late."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from equipoise.events.facts import Event


@dataclass(slots=True)
class Tally:
    """Running sums of one variant; `squares` adds up the squared rewards of slates.

    `shown` and `considered` count the impressions of each item, and the slates it was a candidate for.
    """

    slates: int = 0
    impressions: int = 0
    explored: int = 0
    clicked: int = 0
    bought: int = 0
    clicks: int = 0
    carts: int = 0
    purchases: int = 0
    revenue: float = 0.0
    reward: float = 0.0
    squares: float = 0.0
    shown: Counter[str] = field(default_factory=Counter)
    considered: Counter[str] = field(default_factory=Counter)

    def interval(self) -> tuple[float | None, float | None]:
        """Return the normal 95 % interval of the mean reward, None for fewer than two slates."""
        n = self.slates
        if n < 2:
            return None, None
        mean = self.reward / n
        variance = max(0.0, self.squares - n * mean**2) / (n - 1)
        half = 1.96 * math.sqrt(variance / n)
        return mean - half, mean + half


@dataclass(slots=True)
class Slate:
    """A remembered slate. Sets of positions are the bits of an integer, position 0 the lowest."""

    variant: str
    time: int
    items: tuple[str, ...]
    explored: int
    seen: int = 0
    clicked: int = 0
    bought: int = 0
    reward: float = 0.0

    def place(self, event: Event) -> int | None:
        """Return the position the event is about, None where it names none of the slate."""
        if event.item_id is not None:
            return self.items.index(event.item_id) if event.item_id in self.items else None
        inside = event.position is not None and 0 <= event.position < len(self.items)
        return event.position if inside else None

    def among(self, positions: int) -> Iterable[str]:
        """Return the items at `positions`."""
        if positions == (1 << len(self.items)) - 1:
            return self.items
        return [item for place, item in enumerate(self.items) if positions >> place & 1]

    def proven(self, event: Event, place: int | None) -> int:
        """Return the positions that the event proves seen, by the rules of `FeedbackJoin`."""
        if event.event_type != "impression":
            return 0 if place is None else (2 << place) - 1
        if event.item_id is not None:
            return 0 if place is None else 1 << place
        depth = len(self.items) if event.position is None else event.position + 1
        return (1 << min(max(depth, 0), len(self.items))) - 1
