"""The items whose vectors have the largest products with a query: maximum inner product search, exact.

No product exceeds the product of the lengths. With the items in falling order of length, a query is answered
as soon as its length times that of the next item is below the worst of the k it holds (Teflioudi, Gemulla and
Mykytiuk, 2015, the bound between buckets). Where lengths are much alike nothing is saved,
and the steps cost up to half as much again as one large product.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.kernels import summing_kernel
from equipoise.models.dense import joined
from equipoise.models.learner import TopK
from equipoise.models.search.rows import Running
from equipoise.types import Floats, Ints

FEW = 16
"""Below so many queries, putting the items in order costs more than it saves."""
QUERIES = 512
"""How many queries are answered together: enough for the matrix product to run at full speed."""
FIRST, LARGEST = 2048, 4096
"""Items a step: few at first, when much may be saved, and never more than caches hold the products of."""


def top_of_products(queries: Floats, items: Floats, k: int, seen: Histories | None = None) -> TopK:
    """Return the `k` items of the largest product with each query, best first, without those `seen`.

    `queries` (n, f) and `items` (n_items, f), float32; a bias of the items is one more column of theirs,
    beside a column of ones in the queries. `seen` has n histories; codes outside `items` are passed over.
    Never holds all n by n_items products. Equal scores are in the order of their codes.
    Raises `BadInputError` where the shapes do not fit.
    """
    if queries.ndim != 2 or items.ndim != 2 or queries.shape[1] != items.shape[1]:
        raise BadInputError("queries", f"{queries.shape} do not fit items {items.shape}; need (n, f), (m, f)")
    if seen is not None and len(seen) != len(queries):
        raise BadInputError("seen", f"has {len(seen)} histories for {len(queries)} queries; give one each")
    queries, items = np.asarray(queries, np.float32), np.asarray(items, np.float32)
    if len(queries) == 1:
        products = np.empty((1, len(items)), np.float32)
        _multiply(items, queries[0], products[0])
        return TopK.of(products, k, left_out=seen)
    if len(queries) < FEW:
        return TopK.of(queries @ items.T, k, left_out=seen)
    return ByLength.of(items).top(queries, k, seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLength:
    """`vectors` (m, f) of the items `codes` (m,), longest first; `lengths` (m,)."""

    vectors: Floats
    codes: Ints
    lengths: Floats

    @classmethod
    def of(cls, items: Floats) -> "ByLength":
        """Put `items` (m, f) in order."""
        lengths = np.linalg.norm(items, axis=1)
        codes = np.argsort(-lengths, kind="stable")
        return cls(vectors=np.ascontiguousarray(items[codes]), codes=codes, lengths=lengths[codes])

    def top(self, queries: Floats, k: int, seen: Histories | None = None) -> TopK:
        """Return the `k` items of the largest product with each of `queries` (n, f), as `top_of_products`."""
        parts = []
        for start in range(0, len(queries), QUERIES):
            left_out = None if seen is None else seen[start : start + QUERIES]
            parts.append(self._answer(queries[start : start + QUERIES], k, left_out))
        return joined(parts, k)

    def _answer(self, queries: Floats, k: int, left_out: Histories | None) -> TopK:
        running = Running.over(len(queries), len(self.codes), k, left_out=left_out)
        reach = _generous(np.linalg.norm(queries, axis=1), queries.shape[1])
        start, step, rows = 0, FIRST, np.arange(len(queries))
        while start < len(self.codes) and len(rows):
            stop = min(start + step, len(self.codes))
            products = queries[rows] @ self.vectors[start:stop].T
            running.add(rows, products, self.codes[start:stop])
            if stop < len(self.codes):
                rows = rows[reach[rows] * self.lengths[stop] > running.bars[rows]]
            start, step = stop, min(2 * step, LARGEST)
        return TopK(*running.best(k))


@summing_kernel
def _multiply(items: Floats, query: Floats, products: Floats) -> None:
    """Write the product of each of `items` (m, f) with `query` (f,), in two thirds of the time BLAS takes."""
    for row in range(len(items)):
        vector, total = items[row], np.float32(0)
        for place in range(len(query)):
            total += vector[place] * query[place]
        products[row] = total


def _generous(lengths: Floats, f: int) -> Floats:
    """Return `lengths` with room for the rounding of sums of `f` products."""
    return lengths * np.float32(1 + (f + 8) * np.finfo(np.float32).eps)
