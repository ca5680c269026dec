"""Elastic net of many columns at once, each on its own few regressors, by coordinate descent.

Friedman, Hastie and Tibshirani, 2010, "Regularization Paths for Generalized Linear Models", with covariance
updates: only the Gram matrix is needed, never the rows.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.kernels import kernel
from equipoise.progress import track
from equipoise.types import Floats, Ints

BLOCK = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """What each column is solved under.

    `l1` (0 or more) and `l2` (above 0) are in the unit of the Gram matrix. Regressors are the `n_neighbors`
    that would each do most alone, the column itself only with `own`; no weight is below 0 if `non_negative`.
    At most `sweeps`, fewer once none moves a weight by more than `tolerance` of the largest pull.
    """

    l1: float
    l2: float
    n_neighbors: int
    non_negative: bool = False
    own: bool = False
    sweeps: int = 100
    tolerance: float = 1e-3

    def solve(self, gram: sparse.csr_matrix, joint: sparse.csr_matrix, what: str) -> sparse.csr_matrix:
        """Return the W (n, n) that minimises ``½ |Y - XW|² + l1 Σ|W_ij| + ½ l2 Σ W_ij²``, a column at a time.

        `gram` (n, n) is XᵀX, `joint` (n, n) XᵀY. Progress is reported as `what`.
        """
        n_items = gram.shape[0]
        targets = joint.T.tocsr()
        for side in (gram, targets):
            side.sort_indices()
        starts = range(0, n_items, BLOCK)
        parts = [self._columns(gram, targets, at, min(at + BLOCK, n_items)) for at in track(starts, what)]
        if not parts:
            return sparse.csr_matrix((n_items, n_items), dtype=np.float32)
        return sparse.vstack(parts, format="csr").T.tocsr()

    def _columns(
        self, gram: sparse.csr_matrix, targets: sparse.csr_matrix, start: int, stop: int
    ) -> sparse.csr_matrix:
        chosen = np.full((stop - start, min(self.n_neighbors, gram.shape[0])), -1, np.int64)
        weights = np.zeros(chosen.shape, np.float32)
        scale = (gram.diagonal() + self.l2).astype(np.float32)
        _choose(
            targets.indptr, targets.indices, targets.data, scale, start, self.own, self.non_negative, chosen
        )
        limits = (self.l1, self.l2, self.non_negative, self.sweeps, self.tolerance)
        _descend(*_parts(gram), *_parts(targets), start, chosen, weights, limits)
        kept = weights != 0
        where = (np.nonzero(kept)[0], chosen[kept])
        return sparse.csr_matrix((weights[kept], where), shape=(stop - start, gram.shape[0]))


def _parts(matrix: sparse.csr_matrix) -> tuple[Ints, Ints, Floats]:
    return matrix.indptr, matrix.indices, matrix.data.astype(np.float32, copy=False)


@kernel
def _choose(
    indptr: Ints,
    indices: Ints,
    values: Floats,
    scale: Floats,
    start: int,
    own: bool,
    positive: bool,
    chosen: Ints,
) -> None:
    """Fill each row of `chosen` (columns, m) with the regressors that would each explain most, by code."""
    for row in range(len(chosen)):
        column = start + row
        here = indices[indptr[column] : indptr[column + 1]]
        shared = values[indptr[column] : indptr[column + 1]]
        gains = shared * shared / scale[here]
        for place in range(len(here)):
            if (here[place] == column and not own) or (positive and shared[place] <= 0):
                gains[place] = 0.0
        m = chosen.shape[1]
        bar = np.float32(0.0)
        if len(here) > m:
            bar = np.partition(gains, len(here) - m)[len(here) - m]
        taken = 0
        for place in range(len(here)):
            if gains[place] > bar:
                chosen[row, taken] = here[place]
                taken += 1
        for place in range(len(here)):
            if taken < m and gains[place] == bar and bar > 0:
                chosen[row, taken] = here[place]
                taken += 1


@kernel
def _gather(indptr: Ints, indices: Ints, values: Floats, row: int, place: Ints, into: Floats) -> None:
    """Set into[place of j] to entry j of a CSR row, for every j that has a place."""
    for at in range(indptr[row], indptr[row + 1]):
        if place[indices[at]] >= 0:
            into[place[indices[at]]] = values[at]


@kernel
def _new_weight(pull: float, size: float, l1: float, l2: float, positive: bool) -> float:
    """Return the weight of one regressor that suits best, the others being as they are."""
    if pull > l1:
        return (pull - l1) / (size + l2)
    if pull < -l1 and not positive:
        return (pull + l1) / (size + l2)
    return 0.0


@kernel
def _settle(gram: Floats, rest: Floats, found: Floats, limits: tuple[float, float, bool, int, float]) -> None:
    """Descend from `found` (m,) = 0 with `rest` (m,), the covariances not yet explained; both are changed."""
    l2 = np.float32(limits[1])
    scale = np.float32(0.0)
    for a in range(len(rest)):
        scale = max(scale, abs(rest[a]) / np.sqrt(gram[a, a] + l2))
    for _ in range(limits[3]):
        moved = np.float32(0.0)
        for a in range(len(rest)):
            pull, size = rest[a] + gram[a, a] * found[a], gram[a, a]
            new = np.float32(_new_weight(pull, size, limits[0], limits[1], limits[2]))
            step = new - found[a]
            if step != 0:
                found[a] = new
                moved = max(moved, abs(step) * np.sqrt(gram[a, a] + l2))
                for b in range(len(rest)):
                    rest[b] -= step * gram[a, b]
        if moved <= np.float32(limits[4]) * scale:
            break


@kernel
def _descend(
    indptr: Ints,
    indices: Ints,
    values: Floats,
    target_indptr: Ints,
    target_indices: Ints,
    target_values: Floats,
    start: int,
    chosen: Ints,
    weights: Floats,
    limits: tuple[float, float, bool, int, float],
) -> None:
    """Fill `weights` (columns, m) with the elastic net of each column on its `chosen` regressors."""
    place = np.full(len(indptr) - 1, -1, np.int32)
    for row in range(len(chosen)):
        mine = chosen[row][chosen[row] >= 0]
        m = len(mine)
        for a in range(m):
            place[mine[a]] = a
        gram, rest = np.zeros((m, m), np.float32), np.zeros(m, np.float32)
        for a in range(m):
            _gather(indptr, indices, values, mine[a], place, gram[a])
        _gather(target_indptr, target_indices, target_values, start + row, place, rest)
        _settle(gram, rest, weights[row, :m], limits)
        for a in range(m):
            place[mine[a]] = -1
