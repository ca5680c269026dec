"""The leading eigenvectors of an item graph, by block power iteration (Halko et al., 2011, algorithm 4.4)."""

import numpy as np
from scipy import linalg, sparse

from equipoise.progress import track
from equipoise.types import Floats

ROUNDS = 3
"""Enough: what a filter makes of the last few vectors hardly depends on how exact they are."""


def leading(matrix: sparse.csr_matrix, rank: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the `rank` largest eigenvalues of AᵀA and their vectors, (rank,) and (n, rank), largest first.

    `matrix` is A (m, n), float32; fewer than `rank` where A has fewer rows or columns. Equal to the last
    bits of float32 for clear gaps, close for the last ones.
    """
    rank = min(rank, *matrix.shape)
    width = min(rank + max(16, rank // 8), *matrix.shape)
    back = matrix.T.tocsr()
    basis = rng.standard_normal((matrix.shape[1], width), np.float32)
    for _ in track(range(ROUNDS), "graph_filter"):
        basis = _orthogonal(back @ _orthogonal(matrix @ basis))
    inside = matrix @ basis
    values, turn = linalg.eigh((inside.T @ inside).astype(np.float64))
    order = np.argsort(-values, kind="stable")[:rank]
    vectors = np.ascontiguousarray(basis @ turn[:, order].astype(np.float32))
    return np.maximum(values[order], 0.0), vectors


def _orthogonal(columns: Floats) -> Floats:
    found: Floats = linalg.qr(columns, mode="economic", overwrite_a=True, check_finite=False)[0]
    return found
