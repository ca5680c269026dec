"""The most similar of many sparse vectors: products added up row by row, never all pairs in memory.

Row-wise sparse products into a dense accumulator are Gustavson's (1978). What is kept of a row is decided
on the way: candidates below the worst of the best n so far are dropped at once.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numba.core import config
from scipy import sparse

from equipoise.models.neighbours.similarities.vectors import Vectors
from equipoise.models.neighbours.top_products import top_products
from equipoise.progress import report
from equipoise.types import Floats, Ints

BLOCK = 1024
THREADS = int(vars(config)["NUMBA_NUM_THREADS"])
"""One for each core, or as many as the environment variable NUMBA_NUM_THREADS says."""
T = TypeVar("T")
_Part = tuple[Ints, Ints, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """n things by their features, to find those most similar to others.

    `postings` (n_features, n) CSR lists who has each feature; `sizes` (n,) and `union` are as in `Vectors`.
    """

    postings: sparse.csr_matrix
    sizes: Floats
    union: bool = False

    @classmethod
    def of(cls, things: Vectors) -> "Index":
        """Return the index of `things`."""
        return cls(postings=things.matrix.T.tocsr(), sizes=things.to_sizes, union=things.union)

    def nearest(
        self, asked: Vectors, n: int, *, shrinkage: float = 0.0, itself: bool = True, what: str = ""
    ) -> sparse.csr_matrix:
        """Return the similarities above 0 of the `n` nearest things of each row of `asked`, (n_asked, n) CSR.

        Adds `shrinkage` to what products are divided by. Leaves out thing i for row i unless `itself`.
        Reports progress as `what`, if given. Blocks of rows run side by side on `THREADS` threads; the
        result does not depend on how many.
        """
        rows, width = asked.matrix.shape[0], len(self.sizes)
        left, right = _parts(asked.matrix), _parts(self.postings)

        def block(start: int) -> _Part:
            stop = min(start + BLOCK, rows)
            sizes = (asked.from_sizes, self.sizes, self.union)
            return top_products(start, stop, left, right, *sizes, shrinkage, min(n, width), itself)

        return _joined(list(_run(block, range(0, rows, BLOCK), what)), (rows, width))


def _run(job: Callable[[int], T], starts: Sequence[int], what: str) -> Iterator[T]:
    """Yield what `job` makes of each of `starts`, in order, on at most `THREADS` threads."""
    threads = min(THREADS, len(starts))
    if threads <= 1:
        yield from _reported(map(job, starts), what, len(starts))
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from _reported(pool.map(job, starts), what, len(starts))


def _reported(steps: Iterator[T], what: str, total: int) -> Iterator[T]:
    for done, step in enumerate(steps, start=1):
        yield step
        if what:
            report(what, done, total)


def _parts(matrix: sparse.csr_matrix) -> tuple[Ints, Ints, Floats]:
    # One type of each array, so that the kernel is compiled once.
    return (
        matrix.indptr.astype(np.int64, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data.astype(np.float32, copy=False),
    )


def _joined(parts: list[_Part], shape: tuple[int, int]) -> sparse.csr_matrix:
    if not parts:
        return sparse.csr_matrix(shape, dtype=np.float32)
    counts, columns, scores = (np.concatenate(kind) for kind in zip(*parts, strict=True))
    indptr = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
    return sparse.csr_matrix((scores, columns, indptr), shape=shape)
