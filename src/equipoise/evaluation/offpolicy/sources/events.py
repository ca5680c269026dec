"""What events earned for the decisions they name, in a few numbers an event."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Event
from equipoise.types import Bools, Floats, Ints

NO_POSITION = -1


def keys(ids: Any) -> Ints:
    """Return 64 bits for each of `ids` (n,), 0 for none; good within one process."""
    return np.fromiter((0 if one is None else hash(one) for one in ids), np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """Events that name a decision, sorted by it: 28 bytes each.

    `decisions` and `items` (e,) keys, `positions` (e,) -1 where none is
    named, `rewards` (e,).
    """

    decisions: Ints
    items: Ints
    positions: Ints
    rewards: Floats

    @classmethod
    def of(cls, batches: Iterable[pa.RecordBatch], weights: RewardWeights) -> Self:
        """Return what the events in `batches`, as the log scans them, are worth by `weights`."""
        parts = [part for batch in batches if (part := _part(batch, weights)) is not None]
        if not parts:
            none = np.empty(0, np.int64)
            return cls(decisions=none, items=none, positions=none.astype(np.int32), rewards=np.empty(0))
        decisions, items, positions, rewards = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(decisions, kind="stable")
        return cls(
            decisions=decisions[order], items=items[order], positions=positions[order], rewards=rewards[order]
        )

    def on(self, decisions: Ints, items: Ints) -> tuple[Floats, Bools]:
        """Return what each position of slates earned (n, k), and whether any event names the slate (n,).

        `decisions` (n,) and `items` (n, k) are keys, 0 where a slate is shorter. An event counts for the
        place of its item or, naming none, for its position; for no place otherwise.
        """
        first = np.searchsorted(self.decisions, decisions, side="left")
        counts = np.searchsorted(self.decisions, decisions, side="right") - first
        rows = np.repeat(np.arange(len(decisions)), counts)
        events = np.arange(counts.sum()) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        alike = (items[rows] == self.items[events][:, None]) & (items[rows] != 0)
        by_item = np.where(alike.any(axis=1), alike.argmax(axis=1), NO_POSITION)
        places = np.where(self.items[events] == 0, self.positions[events], by_item)
        inside = (places >= 0) & (places < items.shape[1])
        earned = np.zeros(items.shape)
        np.add.at(earned, (rows[inside], places[inside]), self.rewards[events][inside])
        return earned, counts > 0


def _part(batch: pa.RecordBatch, weights: RewardWeights) -> tuple[Ints, Ints, Ints, Floats] | None:
    named = batch.filter(pc.is_valid(batch["recommendation_id"]))
    if named.num_rows == 0:
        return None
    return (
        keys(named["recommendation_id"].to_pylist()),
        keys(named["item_id"].to_pylist()),
        pc.fill_null(named["position"], NO_POSITION).to_numpy().astype(np.int32),
        _rewards(named, weights),
    )


def _rewards(named: pa.RecordBatch, weights: RewardWeights) -> Floats:
    columns = (named[name].to_pylist() for name in ("event_type", "value", "properties"))
    return np.fromiter(
        (weights.of_event(_event(*cells)) for cells in zip(*columns, strict=True)), np.float64, named.num_rows
    )


def _event(event_type: Any, value: float | None, properties: str) -> Event:
    told = {} if properties == "{}" else msgspec.json.decode(properties)
    return Event(event_id="", event_type=event_type, timestamp=0, value=value, properties=told)
