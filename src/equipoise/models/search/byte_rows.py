"""Products of a query with vectors of one byte a number, one vector after another, on any processor."""

from dataclasses import dataclass

import numpy as np

from equipoise.kernels import kernel
from equipoise.models.search.byte_blocks import STRIDE, SURE
from equipoise.types import Floats, Ints

_LANES = 64
"""Numbers a piece of a vector: a length known when compiled lets their products run side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRows:
    """`codes` (m, pieces, 64) int8."""

    codes: Ints

    @classmethod
    def of(cls, codes: Ints) -> "ByteRows":
        """Take `codes` (m, f) int8 in pieces."""
        return cls(codes=_padded(codes))

    def enough(self, query: Floats, wanted: int) -> Ints:
        """Return the items of the `wanted` largest products with `query` (f,), and some more, in order."""
        products = np.empty(len(self.codes), np.int32)
        _multiply(self.codes, self._rounded(query), products)
        return _largest(products, wanted)

    def _rounded(self, query: Floats) -> Ints:
        """Return `query` in whole numbers so small that no sum of products leaves 32 bits."""
        limit = min(32_767, (2**31 - 1) // (127 * self.codes.shape[1] * _LANES))
        largest = float(np.abs(query).max(initial=0.0))
        scaled = query * (limit / largest if largest > 0 else 0.0)
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
    sample, rank = products[::STRIDE], wanted / STRIDE
    while True:
        rank += SURE * (rank + 1.0) ** 0.5
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
