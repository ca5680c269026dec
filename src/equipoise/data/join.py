"""Decisions and the events they led to, joined into feedback: every impression and reward exactly once."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Choice, Decision, Event, Fact
from equipoise.types import Bools, Floats

Impressions: TypeAlias = Literal["served", "reported"]
Encode: TypeAlias = Callable[[str], int]
Find: TypeAlias = Callable[[str], tuple[Decision, list[tuple[int, Event]]] | None]
_Row: TypeAlias = tuple["_Shown", int, float, float]


@dataclass(slots=True)
class _Shown:
    """A decision, and which of its positions have been counted as seen."""

    decision: Decision
    places: dict[str, int]
    counted: Bools

    @classmethod
    def of(cls, decision: Decision) -> "_Shown":
        places = {choice.item_id: place for place, choice in enumerate(decision.slate)}
        return cls(decision, places, np.zeros(len(decision.slate), np.bool_))

    def place(self, event: Event) -> int | None:
        """Return the position that `event` is about, None where it names none of the slate."""
        if event.item_id is not None:
            return self.places.get(event.item_id)
        inside = event.position is not None and 0 <= event.position < len(self.counted)
        return event.position if inside else None

    def seen(self, event: Event) -> range:
        """Return the positions that `event` proves seen."""
        place = self.place(event)
        if event.event_type != "impression":
            return range(0 if place is None else place + 1)
        if event.item_id is not None:
            return range(0) if place is None else range(place, place + 1)
        last = len(self.counted) - 1 if event.position is None else event.position
        return range(min(last + 1, len(self.counted)))

    def count(self, positions: Iterable[int]) -> list[int]:
        """Mark `positions` as counted; return those that were not yet."""
        fresh = [place for place in positions if not self.counted[place]]
        self.counted[fresh] = True
        return fresh


@dataclass(slots=True)
class FeedbackJoin:
    """Turn facts, in the order of the log, into feedback of each variant.

    `encode` gives an item's code (-1 if it has none: such rows are left out). `impressions`: "served"
    counts every position when the decision is logged; "reported" counts what events prove seen.
    `find` returns a decision by its id with all its numbered events, for decisions no longer (or, after
    a restart, not yet) among the `capacity` latest ones in memory. Decisions without features, or with
    features of another than `features_version` (any where it is None), teach nothing. A variant in
    `by_variant` has other rewards, those of the moment at which an event is added. Facts numbered at
    or below one already added are left out, so that a log may be read again from any point.
    """

    encode: Encode
    rewards: RewardWeights
    impressions: Impressions
    find: Find
    capacity: int = 20_000
    last: int = 0
    features_version: str | None = None
    by_variant: Mapping[str, RewardWeights] = field(default_factory=dict)
    _memory: OrderedDict[str, _Shown] = field(default_factory=OrderedDict, repr=False)

    def __len__(self) -> int:
        return len(self._memory)

    def add(self, facts: Iterable[tuple[int, Fact]]) -> dict[str, LoggedFeedback]:
        """Return the feedback in `facts`, numbered and in order, by variant."""
        rows: dict[str, list[_Row]] = {}
        for seq, fact in facts:
            if seq <= self.last:
                continue
            self.last = seq
            for row in self._rows(seq, fact):
                rows.setdefault(row[0].decision.variant, []).append(row)
        return {variant: self._feedback(found) for variant, found in rows.items()}

    def _rows(self, seq: int, fact: Fact) -> list[_Row]:
        match fact:
            case Decision():
                return self._decided(fact)
            case Event(recommendation_id=str()):
                return self._happened(seq, fact)
            case _:
                return []

    def _decided(self, decision: Decision) -> list[_Row]:
        shown = self._remember(_Shown.of(decision))
        if self.impressions == "reported" or not self._teaches(decision):
            return []
        return [(shown, place, 0.0, 1.0) for place in shown.count(range(len(shown.counted)))]

    def _happened(self, seq: int, event: Event) -> list[_Row]:
        shown = self._recall(seq, event.recommendation_id or "")
        if shown is None or not self._teaches(shown.decision):
            return []
        rows: list[_Row] = [(shown, place, 0.0, 1.0) for place in shown.count(shown.seen(event))]
        weights = self.by_variant.get(shown.decision.variant, self.rewards)
        place, reward = shown.place(event), weights.of_event(event)
        if place is not None and reward != 0.0:
            rows.append((shown, place, reward, 0.0))
        return rows

    def _teaches(self, decision: Decision) -> bool:
        current = self.features_version is None or self.features_version == decision.features_version
        return current and len(decision.features) == len(decision.slate)

    def _recall(self, seq: int, recommendation_id: str) -> _Shown | None:
        if recommendation_id in self._memory:
            self._memory.move_to_end(recommendation_id)
            return self._memory[recommendation_id]
        found = self.find(recommendation_id)
        return None if found is None else self._remember(self._rebuilt(seq, *found))

    def _rebuilt(self, seq: int, decision: Decision, events: list[tuple[int, Event]]) -> _Shown:
        """Return `decision` with all counted that was counted before the fact numbered `seq`."""
        shown = _Shown.of(decision)
        if self.impressions == "served":
            shown.count(range(len(shown.counted)))
        for number, event in events:
            if number < seq:
                shown.count(shown.seen(event))
        return shown

    def _remember(self, shown: _Shown) -> _Shown:
        self._memory[shown.decision.recommendation_id] = shown
        if len(self._memory) > self.capacity:
            self._memory.popitem(last=False)
        return shown

    def _feedback(self, rows: list[_Row]) -> LoggedFeedback:
        choices = [shown.decision.slate[place] for shown, place, _, _ in rows]
        items = np.array([self.encode(choice.item_id) for choice in choices], np.int64)
        keep = items >= 0
        features: Floats = np.stack([shown.decision.features[place] for shown, place, _, _ in rows])
        return LoggedFeedback(
            items=items[keep],
            features=features[keep],
            positions=np.array([place for _, place, _, _ in rows], np.int64)[keep],
            propensities=np.array([choice.propensity for choice in choices])[keep],
            rewards=np.array([reward for _, _, reward, _ in rows])[keep],
            impressions=np.array([seen for _, _, _, seen in rows])[keep],
            by_expert=_by_expert(choice for choice, kept in zip(choices, keep, strict=True) if kept),
        )


def _by_expert(choices: Iterable[Choice]) -> Floats | None:
    """Return the propensities by expert of `choices` (n, e), None if none has any.

    A choice with fewer than others is of another mixture, or of none: its row is 0.
    """
    told = [choice.by_expert for choice in choices]
    width = max(map(len, told), default=0)
    unknown = (0.0,) * width
    return np.array([one if len(one) == width else unknown for one in told]) if width else None
