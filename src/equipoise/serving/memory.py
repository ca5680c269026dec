"""What is remembered of users and sessions: their last events, in this process's memory."""

from array import array
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.situation import KINDS, MET, Situation
from equipoise.types import Ints

TYPE_CODES = KINDS
Visitor = tuple[str, str]
"""("user" or "session", id)."""


def visitors(user_id: str | None, session_id: str | None) -> list[Visitor]:
    """Return whose memory an event or a request with these ids concerns."""
    named = (("user", user_id), ("session", session_id))
    return [(kind, name) for kind, name in named if name is not None]


@dataclass(slots=True)
class Trail:
    """The last events of one visitor, oldest first: `times`, `items` (codes), `types` in step."""

    times: "array[int]" = field(default_factory=lambda: array("q"))
    items: "array[int]" = field(default_factory=lambda: array("i"))
    types: "array[int]" = field(default_factory=lambda: array("b"))
    counts: Counter[int] = field(default_factory=Counter)

    def add(self, time: int, item: int, kind: int, most: int) -> None:
        """Remember one event in its place in time, and forget the oldest beyond `most`."""
        place = bisect_right(self.times, time)
        self.times.insert(place, time)
        self.items.insert(place, item)
        self.types.insert(place, kind)
        if len(self.times) > most:
            del self.times[0], self.items[0], self.types[0]

    def rows(self) -> Iterable[tuple[int, int, int]]:
        """Yield (time, item, type), oldest first."""
        return zip(self.times, self.items, self.types, strict=True)


class Memory:
    """Trails of the visitors seen last.

    Each keeps its last `items` events; beyond `visitors` trails the one idle longest is forgotten.
    Used from one thread.
    """

    def __init__(self, *, items: int, visitors: int) -> None:
        self.items, self.visitors = items, visitors
        self._trails: OrderedDict[Visitor, Trail] = OrderedDict()

    def __len__(self) -> int:
        return len(self._trails)

    def add(self, visitor: Visitor, time: int, item: int, event_type: str) -> None:
        """Remember that `visitor` met `item` (its code, or -1 where the event names none we know)."""
        trail = self._trails.get(visitor)
        if trail is None:
            trail = self._trails[visitor] = Trail()
            if len(self._trails) > self.visitors:
                self._trails.popitem(last=False)
        self._trails.move_to_end(visitor)
        kind = TYPE_CODES[event_type]
        trail.counts[kind] += 1
        if item >= 0 and event_type != "impression":
            trail.add(time, item, kind, self.items)

    def trail(self, visitor: Visitor) -> Trail | None:
        """Return the trail of `visitor`, None where there is none."""
        return self._trails.get(visitor)

    def trails(self) -> Iterable[tuple[Visitor, Trail]]:
        """Yield every visitor with their trail, the one idle longest first."""
        return self._trails.items()

    def history(self, asking: Iterable[Visitor]) -> Ints:
        """Return the item codes that `asking` (a user, a session, or both) met, (h,), oldest first.

        An event that named both is in both trails and counts once.
        """
        return np.array([item for _, item, _ in self._met(asking)], dtype=np.int64)

    def histories(self, asking: Iterable[Visitor]) -> Histories:
        """Return the history of `asking` as one row, with the kinds of its events and their times."""
        times, items, kinds = np.array(self._met(asking), np.int64).reshape(-1, 3).T.copy()
        return Histories(items, np.array([0, len(items)]), kinds, times)

    def _met(self, asking: Iterable[Visitor]) -> list[tuple[int, int, int]]:
        """Return (time, item, kind) of what `asking` met, oldest first."""
        trails = [self._trails[visitor] for visitor in asking if visitor in self._trails]
        return sorted({row for trail in trails for row in trail.rows() if row[2] in MET})[-self.items :]

    def situation(self, asking: Iterable[Visitor], now: int) -> Situation:
        """Return what is known at `now` of `asking`, of whom the session says what was met in this visit."""
        trails = {visitor[0]: self._trails[visitor] for visitor in asking if visitor in self._trails}
        rows = {kind: trail.rows() for kind, trail in trails.items()}
        return Situation.of(rows.get("user", ()), rows.get("session", ()), now=now, most=self.items)

    def put(self, visitor: Visitor, trail: Trail) -> None:
        """Remember a whole trail, as read back from the log."""
        self._trails[visitor] = trail
