"""Many weighted ridge regressions that share a Gram matrix: what a solver of factors is given."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import get_num_threads
from scipy import sparse

from equipoise.models.factors.direct import solve_exactly
from equipoise.types import Floats, Ints

CHUNK = 512
"""Rows that a thread solves at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Row u of n looks for the x that minimises sum w (1 - x y)² over what it met + x' (D + l) x.

    D, the diagonal matrix of `spectrum` (d,), is what all rows share; l is the row's own of `regs` (n,).
    What row u met are rows of `y` (m, d): `items[starts[u]:starts[u + 1]]`, weighing as much of `weights`.
    """

    y: Floats
    starts: Ints
    items: Ints
    weights: Floats
    spectrum: Floats
    regs: Floats

    @classmethod
    def of(cls, met: sparse.csr_matrix, y: Floats, spectrum: Floats, regs: Floats) -> "Problem":
        """Return the problem of the rows of `met` (n, m) CSR."""
        return cls(
            y=np.ascontiguousarray(y, np.float32),
            starts=met.indptr.astype(np.int64),
            items=met.indices.astype(np.int32),
            weights=met.data.astype(np.float32),
            spectrum=spectrum.astype(np.float32),
            regs=regs.astype(np.float32),
        )

    def exactly(self) -> Floats:
        """Return the solution, (n, d) float32."""
        x = np.zeros((len(self.regs), self.y.shape[1]), np.float32)
        self.improve(x, solve_exactly)
        return x

    def improve(self, x: Floats, solver: Callable[..., None], *settings: int) -> None:
        """Let `solver` change `x` (n, d) in place.

        Rows do not depend on one another, so the threads, as many as NUMBA_NUM_THREADS, change no bit.
        """
        state = (self.y, self.starts, self.items, self.weights, self.spectrum, self.regs)
        chunks = [(at, min(at + CHUNK, len(x))) for at in range(0, len(x), CHUNK)]

        def solve(chunk: tuple[int, int]) -> None:
            solver(x, *state, *chunk, *settings)

        if len(chunks) < 2:
            solve((0, len(x)))
        else:
            with ThreadPoolExecutor(get_num_threads()) as pool:
                list(pool.map(solve, chunks))


def diagonalise(y: Floats) -> tuple[Floats, Floats]:
    """Return the eigenvalues (d,) of y' y, at least 0, and the basis (d, d) in which it is diagonal."""
    values, basis = np.linalg.eigh((y.T @ y).astype(np.float64))
    return np.maximum(values, 0.0), basis.astype(np.float32)


def small(rng: np.random.Generator, n: int, d: int) -> Floats:
    """Return `n` random vectors of `d` terms, whose products with one another are about 0.01 / sqrt(d)."""
    return rng.normal(0.0, 0.1 / np.sqrt(d), (n, d)).astype(np.float32)
