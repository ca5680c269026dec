"""The k best of each row of scores, by one pass with a threshold.

Scores above the threshold go to a buffer; when it is full, its k best stay and the worst of them is the new
threshold. Of m scores in no special order, about k log2(m / k) ever reach the buffer, and blocks of scores
none of which does are passed over at the speed of the processor's widest comparison.

A score and its code are held as one whole number, the key, whose order is that of the scores and, among equal
ones, that of the codes or one drawn for the row.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.kernels import kernel
from equipoise.types import Bools, Floats, Ints

_CHUNK = 64
_LOW = np.uint64(0xFFFFFFFF)
_SIGN = np.uint32(0x80000000)
_NONE = np.uint64(0)
"""Below the key of every score that may be among the best."""


def best_of_rows(
    scores: Floats, k: int, *, left_out: Histories | None = None, seeds: Ints | None = None
) -> tuple[Ints, Floats]:
    """Return the codes and scores of the `k` highest of each row of `scores` (n, m), best first, (n, k).

    Scores are compared as float32. What is in the history of a row in `left_out`, -inf and NaN never are
    among the best; -1 and -inf fill the places that are left. Equal scores are in the order of their codes
    or, where there are `seeds` (n,) uint64, in a random order that is drawn for each row by its seed.
    """
    n, m = scores.shape
    running = Running.over(n, m, k, left_out=left_out, seeds=seeds)
    running.add(np.arange(n), scores, np.arange(m), in_order=True)
    return running.best(k)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The best so far of n rows whose scores come a few columns at a time.

    `keys` (n, some) of which `held` (n,) count; a further score must exceed `bars` (n,) to be among the
    best. `left_out` is n histories; `seeds` (n,) or none.
    """

    keys: Ints
    held: Ints
    bars: Floats
    width: int
    n_items: int
    left_out: Histories
    seeds: Ints

    @classmethod
    def over(
        cls, n: int, n_items: int, k: int, *, left_out: Histories | None = None, seeds: Ints | None = None
    ) -> "Running":
        """Begin with nothing."""
        width = min(k, n_items)
        nothing = Histories(np.zeros(0, np.int64), np.zeros(n + 1, np.int64))
        return cls(
            keys=np.zeros((n, max(2 * width, _CHUNK)), np.uint64),
            held=np.zeros(n, np.int64),
            bars=np.full(n, -np.inf, np.float32),
            width=width,
            n_items=n_items,
            left_out=nothing if left_out is None else left_out.known(n_items),
            seeds=np.zeros(0, np.uint64) if seeds is None else np.asarray(seeds, np.uint64),
        )

    def add(self, rows: Ints, scores: Floats, codes: Ints, *, in_order: bool = False) -> None:
        """Look at `scores` (len(rows), len(codes)): those of the items `codes` for the rows `rows`.

        `in_order` says that codes rise, in this call and from one to the next.
        """
        table = np.ascontiguousarray(scores, np.float32)
        if self.width == 0 or table.size == 0:
            return
        ordered = in_order and len(self.seeds) == 0
        _fill(
            rows,
            table,
            table.view(np.int32),
            codes,
            ordered,
            self.left_out.items,
            self.left_out.offsets,
            self.n_items,
            self.seeds,
            self.keys,
            self.held,
            self.bars,
            self.width,
        )

    def best(self, k: int) -> tuple[Ints, Floats]:
        """Return the codes and scores of the `k` best of each row, best first, (n, k)."""
        n, room = self.keys.shape
        counted = np.where(np.arange(room) < self.held[:, None], self.keys, _NONE)
        keys = np.zeros((n, k), np.uint64)
        keys[:, : self.width] = np.sort(counted, axis=1)[:, ::-1][:, : self.width]
        there = keys > _NONE
        return (
            np.where(there, _codes(keys, self.seeds), PADDING),
            np.where(there, _scores(keys), np.float32(-np.inf)),
        )


def _scores(keys: Ints) -> Floats:
    """Return the scores that `_key` put into `keys`, in the upper half."""
    bits = ((keys >> np.uint64(32)).astype(np.uint32) ^ _SIGN).view(np.int32)
    return (bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF))).view(np.float32)


def _codes(keys: Ints, seeds: Ints) -> Ints:
    """Return the codes that `_key` put into `keys` (n, k), in the lower half."""
    ties = (keys & _LOW).astype(np.uint32)
    if len(seeds) == 0:
        return (~ties).astype(np.int64)
    low, high = (part.astype(np.uint32)[:, None] for part in (seeds & _LOW, seeds >> np.uint64(32)))
    return np.asarray(_unmixed(_unmixed(ties) ^ high) ^ low, np.int64)


def _unmixed(x: Ints) -> Ints:
    """Undo `_mixed`: the factors are the inverses of its own, modulo 2 ** 32."""
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7ED1B41D)
    x = (x ^ (x >> np.uint32(13)) ^ (x >> np.uint32(26))) * np.uint32(0xA5CB9243)
    return x ^ (x >> np.uint32(16))


@kernel
def _fill(
    rows: Ints,
    scores: Floats,
    bits: Ints,
    codes: Ints,
    ordered: bool,
    seen: Ints,
    offsets: Ints,
    n_items: int,
    seeds: Ints,
    keys: Ints,
    held: Ints,
    bars: Floats,
    width: int,
) -> None:
    """Take the best of each row of `scores`, whose `bits` are given too, into `keys`, `held` and `bars`."""
    barred, fair, seed = np.zeros(n_items, np.bool_), len(seeds) > 0, np.uint64(0)
    for place, row in enumerate(rows):
        if fair:
            seed = seeds[row]
        for other in range(offsets[row], offsets[row + 1]):
            barred[seen[other]] = True
        order = (ordered, fair, seed)
        held[row], bars[row] = _gather(
            scores[place], bits[place], codes, barred, order, width, keys[row], held[row], bars[row]
        )
        for other in range(offsets[row], offsets[row + 1]):
            barred[seen[other]] = False


@kernel
def _gather(
    scores: Floats,
    bits: Ints,
    codes: Ints,
    barred: Bools,
    order: tuple[bool, bool, np.uint64],
    width: int,
    buffer: Ints,
    held: int,
    bar: np.float32,
) -> tuple[int, np.float32]:
    """Put the keys of scores above `bar` into `buffer`, and return how many it holds and the new bar."""
    (ordered, fair, seed), least, m = order, np.uint64(0), len(scores)
    for start in range(0, m, _CHUNK):
        stop = min(start + _CHUNK, m)
        if not _any_above(scores, start, stop, bar):
            continue
        for place in range(start, stop):
            if not scores[place] > bar or barred[codes[place]]:
                continue
            key = _key(bits[place], codes[place], fair, seed)
            if key <= least:
                continue
            buffer[held] = key
            held += 1
            if held == len(buffer):
                _select(buffer, held, width)
                held, least = width, buffer[width - 1]
                bar = _bar(least, ordered)
    if held > width:
        _select(buffer, held, width)
        held, bar = width, _bar(buffer[width - 1], ordered)
    return held, bar


@kernel
def _any_above(scores: Floats, start: int, stop: int, bar: np.float32) -> bool:
    if stop - start < _CHUNK:
        return True
    part, above = scores[start : start + _CHUNK], np.int32(0)
    # A length known when compiled lets the comparisons run side by side.
    for place in range(_CHUNK):
        above += np.int32(part[place] > bar)
    return bool(above > 0)


@kernel
def _key(bits: np.int32, code: int, fair: bool, seed: np.uint64) -> np.uint64:
    """Return a number that orders by score, then by code, lowest first, or by what `seed` draws."""
    if bits == np.int32(-0x80000000):
        # Minus nought is equal to nought.
        bits = np.int32(0)
    rank = np.uint32(bits ^ ((bits >> np.int32(31)) & np.int32(0x7FFFFFFF))) ^ _SIGN
    tie = ~np.uint32(code)
    if fair:
        tie = _mixed(_mixed(np.uint32(code) ^ np.uint32(seed & _LOW)) ^ np.uint32(seed >> np.uint64(32)))
    return (np.uint64(rank) << np.uint64(32)) | np.uint64(tie)


@kernel
def _mixed(x: np.uint32) -> np.uint32:
    """Return a number that looks unlike `x`, one to one: the last steps of MurmurHash3 (Appleby, 2011)."""
    x = np.uint32(np.uint32(x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    x = np.uint32(np.uint32(x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(x ^ (x >> np.uint32(16)))


@kernel
def _bar(least: np.uint64, ordered: bool) -> np.float32:
    """Return the score to exceed: just below the least held where an equal one may come first."""
    held = np.empty(1, np.int32)
    held[0] = np.int32(np.uint32(least >> np.uint64(32)) ^ _SIGN)
    held[0] ^= (held[0] >> np.int32(31)) & np.int32(0x7FFFFFFF)
    bar: np.float32 = held.view(np.float32)[0]
    return bar if ordered else np.float32(np.nextafter(bar, np.float32(-np.inf)))


@kernel
def _select(keys: Ints, n: int, k: int) -> None:
    """Move the `k` largest of the first `n` keys to the front, the least of them last (Hoare, 1961)."""
    low, high, goal = 0, n - 1, k - 1
    while low < high:
        pivot = keys[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while keys[left] > pivot:
                left += 1
            while keys[right] < pivot:
                right -= 1
            if left <= right:
                keys[left], keys[right] = keys[right], keys[left]
                left += 1
                right -= 1
        if goal <= right:
            high = right
        elif goal >= left:
            low = left
        else:
            return
