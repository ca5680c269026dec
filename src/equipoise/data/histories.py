"""Who saw what, in order: the ragged input of every scorer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from scipy import sparse

from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints

PADDING = -1


@dataclass(frozen=True, slots=True)
class Histories:
    """n histories of item codes, oldest first: history i is `items[offsets[i]:offsets[i + 1]]`.

    `items` is (total,), `offsets` is (n + 1,). Repeats are kept. A code at or above a scorer's
    `n_items` is an item it has never seen; scorers leave such items out. Where they are known, `kinds`
    (total,) are the places in `EVENT_TYPES` of the events by which the items were met, and `times` (total,)
    when; most scorers have no use for them.
    """

    items: Ints
    offsets: Ints
    kinds: Ints | None = None
    times: Ints | None = None

    def __post_init__(self) -> None:
        if self.offsets.ndim != 1 or len(self.offsets) == 0:
            raise BadInputError("offsets", "must be (n + 1,)")
        if self.offsets[0] != 0 or self.offsets[-1] != len(self.items):
            raise BadInputError("offsets", "must start at 0 and end at len(items)")
        if (self.offsets[1:] < self.offsets[:-1]).any():
            raise BadInputError("offsets", "must not decrease")
        for name, beside in (("kinds", self.kinds), ("times", self.times)):
            if beside is not None and len(beside) != len(self.items):
                raise BadInputError(name, "must have one entry an item")

    @classmethod
    def of(cls, rows: Sequence[Sequence[int] | Ints]) -> "Histories":
        """Build from one sequence of item codes a history."""
        lengths = [len(row) for row in rows]
        items = np.concatenate([np.asarray(row, np.int64) for row in rows]) if rows else np.empty(0, np.int64)
        return cls(items.astype(np.int64), np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[Ints]:
        return (self[row] for row in range(len(self)))

    @overload
    def __getitem__(self, row: int) -> Ints: ...
    @overload
    def __getitem__(self, row: slice) -> "Histories": ...
    def __getitem__(self, row: int | slice) -> "Ints | Histories":
        """Return the items of one history, or the histories of a run of rows (step 1)."""
        if isinstance(row, slice):
            start, stop, _ = slice(row.start, row.stop).indices(len(self))
            offsets = self.offsets[start : max(start, stop) + 1]
            return self._at(slice(offsets[0], offsets[-1]), offsets - offsets[0])
        place = range(len(self))[row]
        return self.items[self.offsets[place] : self.offsets[place + 1]]

    def take(self, rows: Ints) -> "Histories":
        """Return the histories at `rows`, in that order."""
        return self.runs(self.offsets[:-1][rows], self.offsets[1:][rows])

    def runs(self, starts: Ints, stops: Ints) -> "Histories":
        """Return one history of the places from each of `starts` (m,) to before each of `stops` (m,)."""
        offsets = np.concatenate(([0], np.cumsum(stops - starts, dtype=np.int64)))
        places = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], stops - starts)
        return self._at(places, offsets)

    def lengths(self) -> Ints:
        """Return the number of items of each history, (n,)."""
        return np.diff(self.offsets)

    def rows(self) -> Ints:
        """Return the row of each of `items`, (total,)."""
        return np.repeat(np.arange(len(self)), self.lengths())

    def known(self, n_items: int) -> "Histories":
        """Return the histories without the codes outside 0 to `n_items` - 1."""
        keep = (self.items >= 0) & (self.items < n_items)
        if keep.all():
            return self
        kept_before = np.concatenate(([0], np.cumsum(keep)))
        return self._at(keep, kept_before[self.offsets])

    def matrix(self, n_items: int, decay: float = 1.0) -> sparse.csr_matrix:
        """Return the (n, n_items) CSR matrix of what is in each history.

        An item counts `decay` ** age, where age is how many places before the newest item it was met last.
        """
        known = self.known(n_items)
        # A copy of the codes: sorting them inside the matrix must not reorder the history.
        parts = (known._fresh(decay), known.items.copy(), known.offsets)
        counts = sparse.csr_matrix(parts, shape=(len(self), n_items))
        counts.sum_duplicates()
        if decay == 1.0:
            counts.data[:] = 1.0
        return counts

    def distinct(self, n_items: int, decay: float = 1.0) -> tuple[Ints, Floats]:
        """Return the distinct items of all histories as if they were one, (m,) in order, and their counts.

        The row of `matrix` for a single history, without the time it takes to make a sparse matrix.
        """
        known = self.known(n_items).items
        items, ages = np.unique(known[::-1], return_index=True)
        return items, (decay**ages if decay != 1.0 else np.ones(len(items))).astype(np.float32)

    def _at(self, places: Ints | Bools | slice, offsets: Ints) -> "Histories":
        """Return the histories of what is at `places`, cut at `offsets`."""
        kinds, times = (None if beside is None else beside[places] for beside in (self.kinds, self.times))
        return Histories(self.items[places], offsets, kinds, times)

    def _fresh(self, decay: float) -> Floats:
        """Return `decay` ** age for the last meeting of each item, 0 for those before, (total,)."""
        if decay == 1.0:
            return np.ones(len(self.items), np.float32)
        rows = self.rows()
        ages = self.offsets[rows + 1] - 1 - np.arange(len(rows))
        order = np.lexsort((ages, self.items, rows))
        again = np.zeros(len(rows), np.bool_)
        again[order[1:]] = (np.diff(rows[order]) == 0) & (np.diff(self.items[order]) == 0)
        return np.where(again, 0.0, decay**ages).astype(np.float32)

    def padded(self, length: int) -> Ints:
        """Return the last `length` items of each history, (n, length), left-padded with `PADDING`."""
        if len(self.items) == 0:
            return np.full((len(self), length), PADDING, np.int64)
        places = self.offsets[1:, None] - np.arange(length, 0, -1)[None, :]
        inside = places >= self.offsets[:-1, None]
        return np.where(inside, self.items[np.where(inside, places, 0)], PADDING)
