"""The inner loop of every neighbour model: rows times a sparse matrix, and only the best of each kept."""

import numpy as np

from equipoise.kernels import kernel
from equipoise.types import Floats, Ints

LEVELS = 256
LEVEL_BITS = 19
"""Levels of scores that share their first 32 - 19 bits: sign, exponent, and 4 bits of the fraction."""


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
    sums = np.zeros(len(to_sizes), np.float32)
    room = _most(start, stop, left, right[0]) + 1
    met, scores = np.empty(room, np.int32), np.empty(room, np.float32)
    levels = np.zeros(LEVELS, np.int32)
    counts = np.zeros(stop - start, np.int32)
    all_columns, all_scores = np.empty((stop - start) * n, np.int32), np.empty((stop - start) * n, np.float32)
    total = 0
    for row in range(start, stop):
        touched = _multiply(row, left, right, sums, met)
        if not itself:
            sums[row] = 0.0
        kept = _divide(touched, sums, met, scores, from_sizes[row], to_sizes, union, shrinkage)
        if kept > n:
            kept = _sieve(kept, met, scores, n, levels)
            _select(kept, met, scores, n)
            kept = n
        all_columns[total : total + kept], all_scores[total : total + kept] = met[:kept], scores[:kept]
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
def _divide(
    touched: int,
    sums: Floats,
    met: Ints,
    scores: Floats,
    size: float,
    to_sizes: Floats,
    union: bool,
    shrinkage: float,
) -> int:
    """Empty `sums` into `scores`; return how many are above 0, which with their columns are now in front."""
    kept = 0
    for place in range(touched):
        column = met[place]
        product = sums[column]
        sums[column] = 0.0
        below = size + to_sizes[column] - product if union else size * to_sizes[column]
        score = product / (below + np.float32(shrinkage))
        met[kept], scores[kept] = column, score
        kept += score > 0.0
    return kept


@kernel
def _sieve(kept: int, met: Ints, scores: Floats, n: int, levels: Ints) -> int:
    """Move a few more than the `n` highest of the first `kept` scores to the front; return how many.

    Floats above 0 are in the order of their bits: those counted here fall into 16 levels an octave.
    """
    bits = scores.view(np.int32)
    top = bits[:kept].max()
    levels[:] = 0
    for place in range(kept):
        levels[min((top - bits[place]) >> LEVEL_BITS, LEVELS - 1)] += 1
    level, above = 0, levels[0]
    while above < n:
        level += 1
        above += levels[level]
    if level == LEVELS - 1:
        return kept
    bar, front = top - ((level + 1) << LEVEL_BITS), 0
    for place in range(kept):
        met[front], scores[front] = met[place], scores[place]
        front += bits[front] > bar
    return front


@kernel
def _select(kept: int, columns: Ints, scores: Floats, n: int) -> None:
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
