"""Trails read back from the log at start, column by column: half a million events in a second or two."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from equipoise.events.log import EventLog
from equipoise.serving.memory import TYPE_CODES, Memory, Trail, Visitor
from equipoise.types import Ints

_COLUMNS = ["user_id", "session_id", "item_id", "event_type", "timestamp"]
Encode: TypeAlias = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Events of one kind of visitor, sorted by visitor and then by time."""

    ids: list[str]
    visitors: Ints
    times: Ints
    items: Ints
    types: Ints


def recall(log: EventLog, encode: Encode, memory: Memory) -> None:
    """Fill `memory` from the events in `log`; `encode` gives the code of an item, -1 for an unknown one."""
    batches = [batch.select(_COLUMNS) for batch in log.scan("events")]
    if not batches:
        return
    events = pa.Table.from_batches(batches)
    found = [
        (last, visitor, trail)
        for kind, column in (("user", "user_id"), ("session", "session_id"))
        for last, visitor, trail in _trails(kind, _rows(events, column, encode), memory.items)
    ]
    found.sort(key=lambda row: row[0])
    for _, visitor, trail in found[-memory.visitors :]:
        memory.put(visitor, trail)


def _rows(events: Any, column: str, encode: Encode) -> _Rows:
    mine = events.filter(pc.is_valid(events[column]))
    visitors, ids = _codes(mine[column], None)
    items, _ = _codes(mine["item_id"], encode)
    types, _ = _codes(mine["event_type"], TYPE_CODES.__getitem__)
    times = mine["timestamp"].cast(pa.int64()).combine_chunks().to_numpy(zero_copy_only=False)
    order = np.lexsort((times, visitors))
    return _Rows(ids, visitors[order], times[order], items[order], types[order])


def _codes(column: Any, encode: Encode | None) -> tuple[Ints, list[str]]:
    """Return the codes (n,) of a column of strings, and the strings; `encode` may name other codes."""
    words = column.combine_chunks().cast(pa.string()).dictionary_encode()
    places = words.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    ids: list[str] = words.dictionary.to_pylist()
    if encode is None:
        return places, ids
    table = np.array([*(encode(word) for word in ids), -1], dtype=np.int64)
    return table[places], ids


def _trails(kind: str, rows: _Rows, most: int) -> Iterator[tuple[int, Visitor, Trail]]:
    bounds = [*np.flatnonzero(np.diff(rows.visitors, prepend=-1)).tolist(), len(rows.visitors)]
    for start, stop in pairwise(bounds):
        visitor = (kind, rows.ids[rows.visitors[start]])
        yield int(rows.times[stop - 1]), visitor, _trail(rows, slice(start, stop), most)


def _trail(rows: _Rows, mine: slice, most: int) -> Trail:
    types = rows.types[mine]
    trail = Trail(counts=Counter(types.tolist()))
    kept = np.flatnonzero((rows.items[mine] >= 0) & (types != TYPE_CODES["impression"]))[-most:]
    trail.times.extend(rows.times[mine][kept].tolist())
    trail.items.extend(rows.items[mine][kept].tolist())
    trail.types.extend(types[kept].tolist())
    return trail
