"""Weighted ridge regression of many rows that share one Gram matrix, solved by Cholesky factors.

Row u solves (D + Y' W Y) x = Y' w, where Y (m, d) are the vectors it met, W = diag(w) how much each one
says, and D the diagonal that all rows share up to a constant: in the basis of its eigenvectors the Gram
matrix of the vectors is diagonal, and changing the basis of both sides changes no score.

Either all coordinates of a row at once, or a block of them at a time while the others stand still (Rendle et
al., 2021, "iALS++"); that shared part being diagonal, it never links two blocks.
"""

from math import sqrt

import numpy as np

from equipoise.kernels import summing_kernel
from equipoise.types import Floats, Ints


@summing_kernel
def solve_positive(matrix: Floats, rhs: Floats, n: int) -> None:
    """Put the solution of `matrix` x = `rhs` into `rhs`, of the leading `n`, by Cholesky, in place."""
    for i in range(n):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            matrix[i, j] = sqrt(total) if i == j else total / matrix[j, j]
    for i in range(n):
        for k in range(i):
            rhs[i] -= matrix[i, k] * rhs[k]
        rhs[i] /= matrix[i, i]
    for i in range(n - 1, -1, -1):
        rhs[i] /= matrix[i, i]
        for k in range(i):
            rhs[k] -= matrix[i, k] * rhs[i]


@summing_kernel
def solve_wide(met: Floats, weights: Floats, shared: Floats, gram: Floats, dual: Floats, x: Floats) -> None:
    """Solve a row that met fewer than d: x = D^-1 Y' a, where (W^-1 + Y D^-1 Y') a = 1."""
    m, d = met.shape
    for i in range(m):
        for k in range(d):
            met[i, k] *= sqrt(weights[i] / shared[k])
        dual[i] = sqrt(weights[i])
    for i in range(m):
        for j in range(i + 1):
            total = 0.0
            for k in range(d):
                total += met[i, k] * met[j, k]
            gram[i, j] = total
        gram[i, i] += 1.0
    solve_positive(gram, dual, m)
    for k in range(d):
        x[k] = 0.0
    for i in range(m):
        for k in range(d):
            x[k] += dual[i] * met[i, k]
    for k in range(d):
        x[k] /= sqrt(shared[k])


@summing_kernel
def solve_tall(met: Floats, weights: Floats, shared: Floats, gram: Floats, x: Floats) -> None:
    """Solve a row that met d or more: the d normal equations."""
    m, d = met.shape
    gram[:d, :d] = 0.0
    for k in range(d):
        gram[k, k] = shared[k]
        x[k] = 0.0
    for i in range(m):
        for k in range(d):
            heavy = weights[i] * met[i, k]
            x[k] += heavy
            for j in range(k + 1):
                gram[k, j] += heavy * met[i, j]
    solve_positive(gram, x, d)


@summing_kernel
def solve_exactly(
    x: Floats,
    y: Floats,
    starts: Ints,
    items: Ints,
    weights: Floats,
    spectrum: Floats,
    regs: Floats,
    first: int,
    last: int,
) -> None:
    """Solve the rows `first` to `last` - 1 of `x` (n, d), in float64.

    Row u met `items[starts[u]:starts[u + 1]]`, rows of `y`; its diagonal is `spectrum` (d,) + `regs[u]`.
    """
    d = y.shape[1]
    longest = 1
    for u in range(first, last):
        longest = max(longest, starts[u + 1] - starts[u])
    met, shared = np.empty((longest, d), np.float64), np.empty(d, np.float64)
    gram, dual, found = np.empty((d, d), np.float64), np.empty(d, np.float64), np.empty(d, np.float64)
    for u in range(first, last):
        begin, end = starts[u], starts[u + 1]
        for k in range(d):
            shared[k] = spectrum[k] + regs[u]
        for place in range(begin, end):
            for k in range(d):
                met[place - begin, k] = y[items[place], k]
        here = met[: end - begin]
        if end - begin < d:
            solve_wide(here, weights[begin:end], shared, gram, dual, found)
        else:
            solve_tall(here, weights[begin:end], shared, gram, found)
        for k in range(d):
            x[u, k] = found[k]


@summing_kernel
def gather(x: Floats, y: Floats, items: Ints, met: Floats, missing: Floats) -> None:
    """Put the rows `items` of `y` into `met`, and what each lacks of 1 in its product with `x` (d,)."""
    for place in range(len(items)):
        row, kept = y[items[place]], met[place]
        product = np.float32(0.0)
        for k in range(len(x)):
            product += row[k] * x[k]
            kept[k] = row[k]
        missing[place] = np.float32(1.0) - product


@summing_kernel
def take_block(met: Floats, low: int, part: Floats) -> None:
    """Put the columns of `met` from `low` on into `part`, side by side, 0 beyond the last."""
    m, n = part.shape
    inside = min(n, met.shape[1] - low)
    for place in range(m):
        for k in range(inside):
            part[place, k] = met[place, low + k]
        for k in range(inside, n):
            part[place, k] = np.float32(0.0)


@summing_kernel
def add_terms(met: Floats, weights: Floats, missing: Floats, hessian: Floats, slope: Floats) -> None:
    """Add what each row of `met` (m, n) asks for to `slope` (n,), and how firmly to `hessian` (n, n)."""
    m, n = met.shape
    for place in range(m):
        row = met[place]
        for k in range(n):
            heavy = weights[place] * row[k]
            slope[k] += heavy * missing[place]
            for j in range(n):
                hessian[k, j] += heavy * row[j]


@summing_kernel
def move_block(x: Floats, met: Floats, missing: Floats, change: Floats) -> None:
    """Add `change` (n,) to `x`, n terms or fewer, and keep `missing` right."""
    for k in range(len(x)):
        x[k] += change[k]
    for place in range(len(met)):
        row, product = met[place], np.float32(0.0)
        for k in range(len(row)):
            product += row[k] * change[k]
        missing[place] -= product


@summing_kernel
def step_blocks(
    x: Floats,
    y: Floats,
    starts: Ints,
    items: Ints,
    weights: Floats,
    spectrum: Floats,
    regs: Floats,
    first: int,
    last: int,
    size: int,
) -> None:
    """Solve each block of `size` coordinates of the rows `first` to `last` - 1 of `x` (n, d) in turn.

    Row u met `items[starts[u]:starts[u + 1]]`, rows of `y`; its diagonal is `spectrum` (d,) + `regs[u]`.
    """
    d = y.shape[1]
    longest = 1
    for u in range(first, last):
        longest = max(longest, starts[u + 1] - starts[u])
    met, missing = np.empty((longest, d), np.float32), np.empty(longest, np.float32)
    block = np.empty((longest, size), np.float32)
    hessian, slope = np.empty((size, size), np.float32), np.empty(size, np.float32)
    for u in range(first, last):
        begin, end = starts[u], starts[u + 1]
        m, heavy = end - begin, weights[begin:end]
        gather(x[u], y, items[begin:end], met, missing)
        for low in range(0, d, size):
            here, part = x[u, low : min(low + size, d)], block[:m]
            take_block(met, low, part)
            hessian[:] = np.float32(0.0)
            slope[:] = np.float32(0.0)
            for k in range(len(here)):
                hessian[k, k] = spectrum[low + k] + regs[u]
                slope[k] = -hessian[k, k] * here[k]
            add_terms(part, heavy, missing, hessian, slope)
            solve_positive(hessian, slope, len(here))
            move_block(here, part, missing, slope)
