"""The loops of session neighbours: who shares items with a history, who is nearest, and what they met."""

from typing import NamedTuple

import numpy as np

from equipoise.kernels import kernel
from equipoise.types import Bools, Floats, Ints

_EMPTY = -1
_GOLDEN = 0x9E3779B1


class Tables(NamedTuple):
    """What the loops read; the names are those of `PastSessions` and `SessionKNNScorer`."""

    items: Ints
    offsets: Ints
    visits: Ints
    visit_offsets: Ints
    worth: Floats
    scale: Floats
    by_age: Floats
    after: Floats
    before: float
    n_neighbors: int
    sample: int


@kernel
def add_rows(items: Ints, offsets: Ints, tables: Tables, scores: Floats) -> None:
    """Add the score of every item for each history (items, offsets) to `scores` (n, n_items)."""
    for row in range(len(offsets) - 1):
        sessions, newest, strength = _neighbours(items[offsets[row] : offsets[row + 1]], tables)
        unit = 1.0 / (strength * tables.scale[sessions]).sum()
        for at in range(len(sessions)):
            session = sessions[at]
            like = strength[at] * tables.scale[session] * unit
            for place in range(tables.offsets[session], tables.offsets[session + 1]):
                near = _near(place, session, newest[at], tables)
                scores[row, tables.items[place]] += like * near


@kernel
def add_causes(items: Ints, offsets: Ints, tables: Tables, wanted: Ints, causes: Floats) -> None:
    """Add to `causes` (total,) what each place of each history adds to the score of `wanted` (n,).

    Only the newest place of an item adds anything; -1 is wanted by nobody.
    """
    raised = np.zeros(len(tables.offsets) - 1)
    for row in range(len(offsets) - 1):
        history = items[offsets[row] : offsets[row + 1]]
        sessions, newest, strength = _neighbours(history, tables)
        unit = 1.0 / (strength * tables.scale[sessions]).sum()
        for at in range(len(sessions)):
            session = sessions[at]
            raised[session] = unit * tables.scale[session] * _met(session, newest[at], wanted[row], tables)
        for place in range(len(history)):
            weight = _weight(history, place, tables)
            if weight > 0:
                first, last = _visits(history[place], tables)
                for visit in range(first, last):
                    causes[offsets[row] + place] += weight * raised[tables.visits[visit]]
        raised[sessions] = 0.0


@kernel
def _neighbours(history: Ints, tables: Tables) -> tuple[Ints, Ints, Floats]:
    """Return the sessions most like `history`, the newest item each shares, and the weight of all of them."""
    most = 0
    for place in range(len(history)):
        first, last = _visits(history[place], tables)
        most += last - first
    sessions, newest = np.empty(most, np.int64), np.empty(most, np.int64)
    strength = np.zeros(most)
    slots = _slots(most)
    n = 0
    for place in range(len(history) - 1, -1, -1):
        weight = _weight(history, place, tables)
        if weight == 0:
            continue
        first, last = _visits(history[place], tables)
        for visit in range(first, last):
            session = tables.visits[visit]
            slot = _slot(session, slots, sessions)
            if slots[slot] == _EMPTY:
                slots[slot], sessions[n], newest[n] = n, session, history[place]
                n += 1
            strength[slots[slot]] += weight
    best = _best(sessions[:n], strength[:n] * tables.scale[sessions[:n]], tables.n_neighbors)
    return sessions[:n][best], newest[:n][best], strength[:n][best]


@kernel
def _weight(history: Ints, place: int, tables: Tables) -> float:
    """Return what sharing the item at `place` counts: 0 where it comes again later, or too long ago."""
    age = len(history) - 1 - place
    if age >= len(tables.by_age):
        return 0.0
    for later in range(place + 1, len(history)):
        if history[later] == history[place]:
            return 0.0
    return tables.by_age[age] * tables.worth[history[place]]  # type: ignore[no-any-return]


@kernel
def _visits(item: int, tables: Tables) -> tuple[int, int]:
    """Return where the newest sessions that met `item` begin and end."""
    first, last = tables.visit_offsets[item], tables.visit_offsets[item + 1]
    return first, min(last, first + tables.sample)


@kernel
def _slots(most: int) -> Ints:
    """Return an empty table by hash for `most` sessions, at most half full."""
    size = 16
    while size < 2 * most:
        size *= 2
    return np.full(size, _EMPTY, np.int32)


@kernel
def _slot(session: int, slots: Ints, sessions: Ints) -> int:
    """Return where `session` is in the table, or the free place where it belongs."""
    mask = len(slots) - 1
    slot = (session * _GOLDEN >> 7) & mask
    while slots[slot] != _EMPTY and sessions[slots[slot]] != session:
        slot = (slot + 1) & mask
    return slot


@kernel
def _best(sessions: Ints, likeness: Floats, k: int) -> Bools:
    """Return which are the `k` of the highest likeness; among equals the newest, of the lowest codes."""
    n = len(sessions)
    if n <= k:
        return np.ones(n, np.bool_)
    least = np.partition(likeness, n - k)[n - k]
    above = likeness > least
    equal = np.sort(sessions[likeness == least])
    oldest = equal[k - above.sum() - 1]
    best: Bools = above | ((likeness == least) & (sessions <= oldest))
    return best


@kernel
def _met(session: int, newest: int, item: int, tables: Tables) -> float:
    """Return the sum of the nearness of every place of `session` where it met `item`."""
    total = 0.0
    for place in range(tables.offsets[session], tables.offsets[session + 1]):
        if tables.items[place] == item:
            total += _near(place, session, newest, tables)
    return total


@kernel
def _near(place: int, session: int, newest: int, tables: Tables) -> float:
    """Return how near `place` is to the nearest other place of `session` that has the item `newest`."""
    nearest = 0.0
    for shared in range(tables.offsets[session], tables.offsets[session + 1]):
        far = abs(place - shared)
        if tables.items[shared] == newest and 0 < far <= len(tables.after):
            near = tables.after[far - 1] * (1.0 if place > shared else tables.before)
            nearest = max(nearest, near)
    return nearest
