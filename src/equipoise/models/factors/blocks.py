"""Weighted ridge regression of many rows, a block of coordinates at a time (Rendle et al., 2021, iALS++).

The system of `equipoise.models.factors.exact`: each block of coordinates is solved exactly while the others
stand still, and what each row predicts is kept up to date. As the part that all rows share is diagonal,
it never links two blocks.
"""

from math import sqrt

import numpy as np

from equipoise.kernels import summing_kernel
from equipoise.types import Floats, Ints


@summing_kernel
def solve_block(hessian: Floats, slope: Floats, n: int) -> None:
    """Put the solution of `hessian` x = `slope` into `slope`, of the leading `n`, by Cholesky, in place."""
    for i in range(n):
        for j in range(i + 1):
            total = hessian[i, j]
            for k in range(j):
                total -= hessian[i, k] * hessian[j, k]
            hessian[i, j] = sqrt(total) if i == j else total / hessian[j, j]
    for i in range(n):
        for k in range(i):
            slope[i] -= hessian[i, k] * slope[k]
        slope[i] /= hessian[i, i]
    for i in range(n - 1, -1, -1):
        slope[i] /= hessian[i, i]
        for k in range(i):
            slope[k] -= hessian[i, k] * slope[i]


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
    hessian, slope = np.empty((size, size), np.float32), np.empty(size, np.float32)
    for u in range(first, last):
        begin, m = starts[u], starts[u + 1] - starts[u]
        here = x[u]
        for place in range(m):
            row, kept = y[items[begin + place]], met[place]
            product = np.float32(0.0)
            for k in range(d):
                product += row[k] * here[k]
                kept[k] = row[k]
            missing[place] = np.float32(1.0) - product
        for low in range(0, d, size):
            n = min(size, d - low)
            hessian[:] = np.float32(0.0)
            for k in range(n):
                hessian[k, k] = spectrum[low + k] + regs[u]
                slope[k] = -hessian[k, k] * here[low + k]
            for place in range(m):
                part, weight = met[place, low : low + n], weights[begin + place]
                for k in range(n):
                    heavy = weight * part[k]
                    slope[k] += heavy * missing[place]
                    for j in range(n):
                        hessian[k, j] += heavy * part[j]
            solve_block(hessian, slope, n)
            for k in range(n):
                here[low + k] += slope[k]
            for place in range(m):
                part = met[place, low : low + n]
                change = np.float32(0.0)
                for k in range(n):
                    change += part[k] * slope[k]
                missing[place] -= change
