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
        """Return the W (n, n) that minimises ½ |Y - XW|² + l1 Σ|W_ij| + ½ l2 Σ W_ij², a column at a time.

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
    positive, sweeps = limits[2], limits[3]
    l1, l2, tolerance = np.float32(limits[0]), np.float32(limits[1]), np.float32(limits[4])
    most = chosen.shape[1]
    place = np.full(len(indptr) - 1, -1, np.int32)
    gram = np.zeros((most, most), np.float32)
    rest = np.zeros(most, np.float32)
    for row in range(len(chosen)):
        m = 0
        while m < most and chosen[row, m] >= 0:
            place[chosen[row, m]] = m
            m += 1
        if m == 0:
            continue
        gram[:m, :m] = 0.0
        rest[:m] = 0.0
        for a in range(m):
            item = chosen[row, a]
            for at in range(indptr[item], indptr[item + 1]):
                b = place[indices[at]]
                if b >= 0:
                    gram[a, b] = values[at]
        for at in range(target_indptr[start + row], target_indptr[start + row + 1]):
            a = place[target_indices[at]]
            if a >= 0:
                rest[a] = target_values[at]
        found = weights[row]
        scale = np.float32(0.0)
        for a in range(m):
            scale = max(scale, abs(rest[a]) / np.sqrt(gram[a, a] + l2))
        for _ in range(sweeps):
            moved = np.float32(0.0)
            for a in range(m):
                pull = rest[a] + gram[a, a] * found[a]
                new = np.float32(0.0)
                if pull > l1:
                    new = (pull - l1) / (gram[a, a] + l2)
                elif pull < -l1 and not positive:
                    new = (pull + l1) / (gram[a, a] + l2)
                step = new - found[a]
                if step != 0:
                    found[a] = new
                    moved = max(moved, abs(step) * np.sqrt(gram[a, a] + l2))
                    for b in range(m):
                        rest[b] -= step * gram[a, b]
            if moved <= tolerance * scale:
                break
        for a in range(m):
            place[chosen[row, a]] = -1
