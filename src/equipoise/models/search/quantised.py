"""Products with item vectors of one byte a number: a quarter of the memory to read, and a few exact scores.

Each column is divided into 255 steps of one size (scalar quantisation: Gray and Neuhoff, 1998). Of the items,
those whose rounded products are largest are scored again by the vectors as given. An item of the best is
missed only where rounding puts it below at least twice as many others.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.errors import BadInputError
from equipoise.kernels import kernel
from equipoise.models.dense import joined
from equipoise.models.learner import TopK
from equipoise.types import Floats, Ints

_LANES = 64
"""Numbers a piece of a vector: a length known when compiled lets their products run side by side."""
_NOTHING = np.zeros(0, np.int64)
_STRIDE = 31
"""One item in so many tells where the bar must lie; a prime, as catalogues are laid out in round numbers."""
_SURE = 3.0
"""Standard deviations by which more than enough are let through, so that the sample seldom misleads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantised:
    """`items` (m, f) float32 as given; `codes` (m, pieces, 64) int8 in `steps` (f,) of each column."""

    items: Floats
    codes: Ints
    steps: Floats

    @classmethod
    def of(cls, items: Floats) -> "Quantised":
        """Round `items` (m, f), whose numbers must be finite."""
        if items.ndim != 2 or not np.isfinite(items).all():
            raise BadInputError("items", "must be (m, f) finite numbers")
        items = np.ascontiguousarray(items, np.float32)
        largest = np.abs(items).max(axis=0, initial=0.0)
        steps = np.where(largest > 0, largest / 127, 1.0).astype(np.float32)
        codes = _padded(np.rint(items / steps).astype(np.int8))
        return cls(items=items, codes=codes, steps=steps)

    def top(self, queries: Floats, k: int, seen: Histories | None = None, *, extra: float = 2.0) -> TopK:
        """Return the `k` items of the largest product with each of `queries` (n, f), as `top_of_products`.

        At least `k` times `extra` items are scored exactly.
        """
        if queries.ndim != 2 or queries.shape[1] != len(self.steps):
            raise BadInputError("queries", f"are {queries.shape}; need (n, {len(self.steps)})")
        left_out = [_NOTHING] * len(queries) if seen is None else list(seen.known(len(self.items)))
        rows = zip(np.asarray(queries, np.float32), left_out, strict=True)
        return joined([self._answer(query, k, out, extra) for query, out in rows], k)

    def _answer(self, query: Floats, k: int, left_out: Ints, extra: float) -> TopK:
        products = np.empty(len(self.items), np.int32)
        _multiply(self.codes, self._rounded(query), products)
        found = _largest(products, int(k * extra) + len(left_out))
        if len(left_out):
            found = found[~np.isin(found, left_out)]
        scores = self.items[found] @ query
        # Those found are in the order of their codes, which a stable sort keeps among equals.
        best = np.argsort(-scores, kind="stable")[:k]
        answer = TopK(np.full((1, k), PADDING, np.int64), np.full((1, k), -np.inf, np.float32))
        answer.items[0, : len(best)], answer.scores[0, : len(best)] = found[best], scores[best]
        return answer

    def _rounded(self, query: Floats) -> Ints:
        """Return `query` in whole numbers so small that no sum of products leaves 32 bits."""
        scaled = query * self.steps
        limit = min(32_767, (2**31 - 1) // (127 * self.codes.shape[1] * _LANES))
        largest = float(np.abs(scaled).max(initial=0.0))
        scaled *= limit / largest if largest > 0 else 0.0
        return np.asarray(_padded(np.rint(scaled)[None].astype(np.int16))[0])


def _padded(rows: Ints) -> Ints:
    """Return `rows` (n, f) in pieces of 64, (n, pieces, 64), filled up with 0."""
    n, f = rows.shape
    pieces = max(1, -(-f // _LANES))
    padded = np.zeros((n, pieces * _LANES), rows.dtype)
    padded[:, :f] = rows
    return padded.reshape(n, pieces, _LANES)


def _largest(products: Ints, wanted: int) -> Ints:
    """Return the places of the `wanted` largest and of some more, in order.

    A sample tells where the bar must lie to let enough through, so that there is nothing to sort.
    """
    if wanted >= len(products):
        return np.arange(len(products))
    sample, rank = products[::_STRIDE], wanted / _STRIDE
    while True:
        rank += _SURE * (rank + 1.0) ** 0.5
        if rank >= len(sample):
            return np.arange(len(products))
        bar = np.partition(sample, len(sample) - 1 - int(rank))[len(sample) - 1 - int(rank)]
        found = np.flatnonzero(products >= bar)
        if len(found) >= wanted:
            return found


@kernel
def _multiply(codes: Ints, query: Ints, products: Ints) -> None:
    """Write the product of each row of `codes` (m, pieces, 64) with `query` (pieces, 64) into `products`."""
    first = query[0]
    for row in range(len(codes)):
        total, part = np.int32(0), codes[row, 0]
        # Most vectors are one piece, and outside the loop over pieces theirs is compiled a tenth faster.
        for place in range(_LANES):
            total += np.int32(part[place]) * np.int32(first[place])
        for piece in range(1, codes.shape[1]):
            more, other = codes[row, piece], query[piece]
            for place in range(_LANES):
                total += np.int32(more[place]) * np.int32(other[place])
        products[row] = total
