"""The decision log as trajectories: what each shopper was shown in turn, in which situation, and for what."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from equipoise.data.rewards import RewardWeights
from equipoise.data.situation import KINDS, Row, Situation
from equipoise.events.facts import Decision, Event, Fact
from equipoise.types import Floats

Encode = Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One slate: its `decision`, the `situation` it met, `rewards` (k,) by position, and the first position
    `clicked`, -1 for none.
    """

    decision: Decision
    situation: Situation
    rewards: Floats
    clicked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """What one shopper was shown, in order; `over` says whether they have been silent for long since."""

    shopper: str
    steps: tuple[Shown, ...]
    over: bool


@dataclass(slots=True, kw_only=True)
class Trajectories:
    """Reads facts in the order of the log; the `newest` decisions count, of shoppers with one at least.

    `encode` gives an item's code, -1 if it has none. Who has not been shown anything for `patience`
    (microseconds) before the last decision of the log is taken to have left for good; how the others go on
    is not known. A situation holds up to `most` events.
    """

    encode: Encode
    rewards: RewardWeights
    patience: int
    newest: int = 50_000
    most: int = 50
    until: int = 0
    _decisions: deque[Decision] = field(init=False)
    _rows: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    _outcomes: dict[str, list[Event]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._decisions = deque(maxlen=self.newest)

    def add(self, facts: Iterable[tuple[int, Fact]]) -> None:
        """Take in `facts`, numbered."""
        for seq, fact in facts:
            self.until = seq
            match fact:
                case Decision():
                    self._decisions.append(fact)
                case Event():
                    self._happened(fact)

    def found(self) -> Iterator[Trajectory]:
        """Yield a trajectory for each shopper."""
        for rows in self._rows.values():
            rows.sort()
        shown: dict[str, list[Decision]] = {}
        for decision in self._decisions:
            if len(decision.slate):
                shown.setdefault(_shopper(decision), []).append(decision)
        last = max((decision.timestamp for decision in self._decisions), default=0)
        for shopper, decisions in shown.items():
            decisions.sort(key=lambda decision: decision.timestamp)
            over = last - decisions[-1].timestamp >= self.patience
            yield Trajectory(shopper=shopper, steps=tuple(map(self._shown, decisions)), over=over)

    def _happened(self, event: Event) -> None:
        code = -1 if event.item_id is None else self.encode(event.item_id)
        if code >= 0 and event.event_type != "impression":
            row = event.timestamp, code, KINDS[event.event_type]
            for visitor in (("user", event.user_id), ("session", event.session_id)):
                if visitor[1] is not None:
                    self._rows.setdefault((visitor[0], visitor[1]), []).append(row)
        if event.recommendation_id is not None:
            self._outcomes.setdefault(event.recommendation_id, []).append(event)

    def _shown(self, decision: Decision) -> Shown:
        places = {choice.item_id: place for place, choice in enumerate(decision.slate)}
        rewards, clicked = np.zeros(len(decision.slate)), -1
        for event in self._outcomes.get(decision.recommendation_id, ()):
            place = places.get(event.item_id or "")
            if place is not None:
                rewards[place] += self.rewards.of_event(event)
                clicked = place if event.event_type == "click" and clicked < 0 else clicked
        return Shown(decision=decision, situation=self._situation(decision), rewards=rewards, clicked=clicked)

    def _situation(self, decision: Decision) -> Situation:
        now = decision.timestamp
        user = self._before(("user", decision.user_id), now)
        session = self._before(("session", decision.session_id), now)
        return Situation.of(user, session, now=now, most=self.most)

    def _before(self, visitor: tuple[str, str | None], now: int) -> list[Row]:
        kind, name = visitor
        rows = [] if name is None else self._rows.get((kind, name), [])
        stop = bisect_left(rows, (now, -1, -1))
        return rows[max(0, stop - self.most) : stop]


def _shopper(decision: Decision) -> str:
    return f"user {decision.user_id}" if decision.user_id is not None else f"session {decision.session_id}"
