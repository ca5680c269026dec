"""Products with item vectors of one byte a number: a quarter of the memory to read, and a few exact scores.

Each column is divided into 255 steps of one size (scalar quantisation: Gray and Neuhoff, 1998). Of the items,
those whose rounded products are largest are scored again by the vectors as given. An item of the best is
missed only where rounding puts it below at least twice as many others.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.errors import BadInputError
from equipoise.kernels import summing_kernel
from equipoise.models.learner import TopK
from equipoise.models.search.byte_blocks import ByteBlocks, supported
from equipoise.models.search.byte_rows import ByteRows
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantised:
    """`items` (m, f) float32 as given; `codes` of one byte a number, in `steps` (f,) of each column."""

    items: Floats
    codes: ByteBlocks | ByteRows
    steps: Floats

    @classmethod
    def of(cls, items: Floats) -> "Quantised":
        """Round `items` (m, f), whose numbers must be finite."""
        if items.ndim != 2 or not np.isfinite(items).all():
            raise BadInputError("items", "must be (m, f) finite numbers")
        items = np.ascontiguousarray(items, np.float32)
        largest = np.abs(items).max(axis=0, initial=0.0)
        steps = np.where(largest > 0, largest / 127, 1.0).astype(np.float32)
        codes = np.rint(items / steps).astype(np.int8)
        return cls(items=items, codes=(ByteBlocks if supported() else ByteRows).of(codes), steps=steps)

    def top(self, queries: Floats, k: int, seen: Histories | None = None, *, extra: float = 2.0) -> TopK:
        """Return the `k` items of the largest product with each of `queries` (n, f), as `top_of_products`.

        At least `k` times `extra` items are scored exactly.
        """
        if queries.ndim != 2 or queries.shape[1] != len(self.steps):
            raise BadInputError("queries", f"are {queries.shape}; need (n, {len(self.steps)})")
        queries = np.ascontiguousarray(queries, np.float32)
        known = None if seen is None else seen.known(len(self.items))
        best = TopK(np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32))
        for row, query in enumerate(queries):
            out = _NOTHING if known is None else known[row]
            found = self.codes.enough(query * self.steps, int(k * extra) + len(out))
            _best(self.items, query, found, out, best.items[row], best.scores[row])
        return best


_NOTHING = np.zeros(0, np.int64)


@summing_kernel
def _best(items: Floats, query: Floats, found: Ints, left_out: Ints, codes: Ints, scores: Floats) -> None:
    """Write the best of `found` and their products with `query` into `codes` and `scores`, both (k,).

    What is `left_out` is passed over; of equal scores the first found comes first.
    """
    left_out = np.sort(left_out)
    kept, products, n, place = np.empty_like(found), np.empty(len(found), np.float32), 0, 0
    for code in found:
        while place < len(left_out) and left_out[place] < code:
            place += 1
        if place < len(left_out) and left_out[place] == code:
            continue
        total, vector = np.float32(0), items[code]
        for column in range(len(query)):
            total += vector[column] * query[column]
        kept[n], products[n] = code, -total
        n += 1
    k = min(len(codes), n)
    codes[:], scores[:] = PADDING, -np.inf
    if k == 0:
        return
    among = np.flatnonzero(products[:n] <= np.partition(products[:n], k - 1)[k - 1])
    # A stable sort keeps the order of the codes among equals.
    for rank, place in enumerate(np.argsort(products[among], kind="mergesort")[:k]):
        codes[rank], scores[rank] = kept[among[place]], -products[among[place]]
