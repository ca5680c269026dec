"""Layers shared by the nets: each holds its arrays, and works on arrays and tensors alike (see `algebra`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from equipoise.models.rankers.algebra import Algebra, Array


@dataclass(frozen=True, slots=True)
class Dense:
    """x W + b with `weight` (in, out) and `bias` (out,)."""

    weight: Array
    bias: Array

    @classmethod
    def start(cls, n_in: int, n_out: int, rng: np.random.Generator) -> "Dense":
        """Draw weights of variance 2 / in (He et al., 2015)."""
        weight = rng.normal(0, (2 / max(n_in, 1)) ** 0.5, (n_in, n_out)).astype(np.float32)
        return cls(weight, np.zeros(n_out, np.float32))

    @classmethod
    def nothing(cls, n_in: int, n_out: int) -> "Dense":
        """Start at 0: for the last layer, so that training begins at the mean."""
        return cls(np.zeros((n_in, n_out), np.float32), np.zeros(n_out, np.float32))

    def __call__(self, x: Array) -> Array:
        """Return (…, out) for (…, in)."""
        return x @ self.weight + self.bias


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Dense layers, each followed by what is above 0 of it."""

    layers: tuple[Dense, ...]

    @classmethod
    def start(cls, n_in: int, widths: Sequence[int], rng: np.random.Generator) -> "Perceptron":
        """Draw layers of these `widths`, the first on `n_in` inputs."""
        sizes = [n_in, *widths]
        return cls(tuple(Dense.start(a, b, rng) for a, b in pairwise(sizes)))

    def __call__(self, on: Algebra, x: Array) -> Array:
        """Return the outputs of the last layer; `x` itself where there is none."""
        for layer in self.layers:
            x = on.dropout(on.relu(layer(x)))
        return x


@dataclass(frozen=True, slots=True)
class Table:
    """Vectors of all categories, `vectors` (places, k), and one weight of each for a linear term, (places,
    1).
    """

    vectors: Array
    weights: Array

    @classmethod
    def start(cls, n_places: int, size: int, rng: np.random.Generator) -> "Table":
        """Draw small vectors; the weights start at 0."""
        vectors = rng.normal(0, 0.05, (n_places, size)).astype(np.float32)
        return cls(vectors, np.zeros((n_places, 1), np.float32))

    def fields(self, on: Algebra, codes: Array) -> Array:
        """Return the vectors of `codes` (n, c), (n, c, k)."""
        return on.lookup(self.vectors, codes)

    def linear(self, on: Algebra, codes: Array) -> Array:
        """Return the sum of the weights of `codes` (n, c), (n, 1)."""
        return on.lookup(self.weights, codes).sum(1)


def side_by_side(on: Algebra, numeric: Array, fields: Array) -> Array:
    """Return the inputs of a row as one vector: `numeric` (n, d), then its `fields` (n, c, k) one after
    another.
    """
    return on.concat([numeric, fields.reshape(len(fields), fields.shape[1] * fields.shape[2])])
