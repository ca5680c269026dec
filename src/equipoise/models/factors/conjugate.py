"""Weighted ridge regression of many rows that share one Gram matrix, by a few conjugate gradient steps.

The system of `equipoise.models.factors.direct`, from the last solution on (Takács, Pilászy and Tikk, 2011).
As the part that all rows share is diagonal, a step costs only what the row met, and that diagonal is a
preconditioner (Hestenes and Stiefel, 1952) under which a row that met m vectors is done after m + 1 steps.
"""

import numpy as np

from equipoise.kernels import summing_kernel
from equipoise.types import Floats, Ints

_DONE = np.float32(1e-20)
_ONE = np.float32(1.0)
_ZERO = np.float32(0.0)


@summing_kernel
def start(
    x: Floats, y: Floats, items: Ints, weights: Floats, shared: Floats, met: Floats, residual: Floats
) -> None:
    """Put the rows `items` of `y` into `met`, and what is left to solve at `x` (d,) into `residual` (d,)."""
    d = len(x)
    for k in range(d):
        residual[k] = -shared[k] * x[k]
    for place in range(len(items)):
        row, kept = y[items[place]], met[place]
        product = _ZERO
        for k in range(d):
            product += row[k] * x[k]
            kept[k] = row[k]
        missing = weights[place] * (_ONE - product)
        for k in range(d):
            residual[k] += missing * kept[k]


@summing_kernel
def multiply(met: Floats, weights: Floats, shared: Floats, way: Floats, image: Floats) -> np.float32:
    """Put the system times `way` (d,) into `image` (d,); return the product of both."""
    d = len(way)
    for k in range(d):
        image[k] = shared[k] * way[k]
    for place in range(len(weights)):
        kept = met[place]
        product = _ZERO
        for k in range(d):
            product += kept[k] * way[k]
        product *= weights[place]
        for k in range(d):
            image[k] += product * kept[k]
    curvature = _ZERO
    for k in range(d):
        curvature += way[k] * image[k]
    return curvature


@summing_kernel
def walk(
    x: Floats,
    met: Floats,
    weights: Floats,
    shared: Floats,
    residual: Floats,
    way: Floats,
    image: Floats,
    steps: int,
) -> None:
    """Take at most `steps` steps from `x` (d,), whose `residual` (d,) is given."""
    d = len(x)
    size = _ZERO
    for k in range(d):
        way[k] = residual[k] / shared[k]
        size += residual[k] * way[k]
    for _ in range(steps):
        if size < _DONE:
            break
        length = size / multiply(met, weights, shared, way, image)
        left = _ZERO
        for k in range(d):
            x[k] += length * way[k]
            residual[k] -= length * image[k]
            left += residual[k] * residual[k] / shared[k]
        for k in range(d):
            way[k] = residual[k] / shared[k] + left / size * way[k]
        size = left


@summing_kernel
def step_conjugate(
    x: Floats,
    y: Floats,
    starts: Ints,
    items: Ints,
    weights: Floats,
    spectrum: Floats,
    regs: Floats,
    first: int,
    last: int,
    steps: int,
) -> None:
    """Move the rows `first` to `last` - 1 of `x` (n, d) by `steps` steps, all in float32.

    Row u met `items[starts[u]:starts[u + 1]]`, rows of `y`; its diagonal is `spectrum` (d,) + `regs[u]`.
    """
    d = y.shape[1]
    longest = 1
    for u in range(first, last):
        longest = max(longest, starts[u + 1] - starts[u])
    met = np.empty((longest, d), np.float32)
    shared, residual = np.empty(d, np.float32), np.empty(d, np.float32)
    way, image = np.empty(d, np.float32), np.empty(d, np.float32)
    for u in range(first, last):
        begin, end = starts[u], starts[u + 1]
        for k in range(d):
            shared[k] = spectrum[k] + regs[u]
        here = met[: end - begin]
        start(x[u], y, items[begin:end], weights[begin:end], shared, here, residual)
        walk(x[u], here, weights[begin:end], shared, residual, way, image, steps)
