"""Causal attention (Vaswani et al., 2017), one head or several."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.models.neural.layers import Linear, causal


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Each place takes the mean of the values of those up to itself, by likeness of query and key."""

    queries: Linear
    keys: Linear
    values: Linear
    out: Linear

    @classmethod
    def start(cls, size: int, rng: np.random.Generator) -> Self:
        """Return random weights for vectors of `size`."""
        queries, keys, values, out = (Linear.start(size, size, rng) for _ in range(4))
        return cls(queries=queries, keys=keys, values=values, out=out)

    def __call__(self, x: Array, nearness: Array | None, heads: int, on: Backend) -> Array:
        """Return (b, n, d) for `x` (b, n, d); `nearness` (heads, n, n) is added to the likeness."""
        query, key, value = (_split(layer(x), heads) for layer in (self.queries, self.keys, self.values))
        likeness = query @ key.swapaxes(2, 3) * query.shape[3] ** -0.5
        raised = likeness if nearness is None else likeness + nearness
        mixed = on.drop(on.softmax(on.only(raised, causal(x.shape[1])))) @ value
        return self.out(mixed.swapaxes(1, 2).reshape(x.shape))


def _split(x: Array, heads: int) -> Array:
    """Return (b, heads, n, d / heads) for `x` (b, n, d)."""
    return x.reshape((*x.shape[:2], heads, x.shape[2] // heads)).swapaxes(1, 2)
