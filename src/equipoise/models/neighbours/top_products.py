"""The inner loop of every neighbour model: a block of rows times a sparse matrix, only the best of each kept."""

import numpy as np

from equipoise.kernels import kernel
from equipoise.types import Floats, Ints


@kernel
def top_products(
    start: int,
    stop: int,
    left: tuple[Ints, Ints, Floats],
    right: tuple[Ints, Ints, Floats],
    from_sizes: Floats,
    to_sizes: Floats,
    union: bool,
    shrinkage: float,
    n: int,
    itself: bool,
) -> tuple[Ints, Ints, Floats]:
    """Return (counts, columns, scores) of the `n` best of rows `start` to `stop` of `left` times `right`.

    Both are CSR as (indptr, indices, data). A product is divided as `Vectors` says, with `shrinkage`
    added below the line; only what is above 0 is kept. `counts` (rows,) says how many each row has.
    """
    width = len(to_sizes)
    sums = np.zeros(width, np.float32)
    met = np.empty(_most(start, stop, left, right[0]) + 1, np.int32)
    room = max(3 * n, n + 64)
    columns, scores = np.empty(room, np.int32), np.empty(room, np.float32)
    counts = np.zeros(stop - start, np.int32)
    all_columns, all_scores = np.empty((stop - start) * n, np.int32), np.empty((stop - start) * n, np.float32)
    total = 0
    for row in range(start, stop):
        touched = _multiply(row, left, right, sums, met)
        if not itself:
            sums[row] = 0.0
        kept, bar = 0, np.float32(0.0)
        mine = from_sizes[row]
        for place in range(touched):
            column = met[place]
            product = sums[column]
            sums[column] = 0.0
            size = mine + to_sizes[column] - product if union else mine * to_sizes[column]
            score = product / (size + np.float32(shrinkage))
            if score > bar:
                columns[kept], scores[kept] = column, score
                kept += 1
                if kept == room:
                    _select(columns, scores, kept, n)
                    kept, bar = n, scores[:n].min()
        if kept > n:
            _select(columns, scores, kept, n)
            kept = n
        all_columns[total : total + kept], all_scores[total : total + kept] = columns[:kept], scores[:kept]
        counts[row - start] = kept
        total += kept
    return counts, all_columns[:total].copy(), all_scores[:total].copy()


@kernel
def _most(start: int, stop: int, left: tuple[Ints, Ints, Floats], starts: Ints) -> int:
    """Return the number of multiplications of the row that has most."""
    most = 0
    for row in range(start, stop):
        count = 0
        for at in range(left[0][row], left[0][row + 1]):
            count += starts[left[1][at] + 1] - starts[left[1][at]]
        most = max(most, count)
    return most


@kernel
def _multiply(
    row: int, left: tuple[Ints, Ints, Floats], right: tuple[Ints, Ints, Floats], sums: Floats, met: Ints
) -> int:
    """Add row `row` of the product to `sums`; return how many entries of `met` now hold its columns.

    A column whose sum passed through 0 is there twice.
    """
    touched = 0
    for at in range(left[0][row], left[0][row + 1]):
        weight, feature = left[2][at], left[1][at]
        for place in range(right[0][feature], right[0][feature + 1]):
            column = right[1][place]
            before = sums[column]
            # Written always and counted only if new: no branch to guess wrong.
            met[touched] = column
            touched += before == 0.0
            sums[column] = before + weight * right[2][place]
    return touched


@kernel
def _select(columns: Ints, scores: Floats, kept: int, n: int) -> None:
    """Move the `n` highest of the first `kept` scores to the front (Hoare's quickselect)."""
    low, high = 0, kept - 1
    while low < high:
        pivot = scores[(low + high) >> 1]
        i, j = low, high
        while i <= j:
            while scores[i] > pivot:
                i += 1
            while scores[j] < pivot:
                j -= 1
            if i <= j:
                scores[i], scores[j] = scores[j], scores[i]
                columns[i], columns[j] = columns[j], columns[i]
                i += 1
                j -= 1
        if n - 1 <= j:
            high = j
        elif n - 1 >= i:
            low = i
        else:
            return
