"""Layers that nets are made of: records of arrays, the same whether they learn or serve."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Linear:
    """x W + b with `weight` (in, out) and `bias` (out,)."""

    weight: Array
    bias: Array

    @classmethod
    def start(cls, n_in: int, n_out: int, rng: np.random.Generator) -> Self:
        """Return uniform weights that keep the variance of what goes through (LeCun et al., 1998)."""
        return cls(uniform((n_in, n_out), n_in, rng), np.zeros(n_out, np.float32))

    def __call__(self, x: Array) -> Array:
        """Return (…, out) for (…, in)."""
        return x @ self.weight + self.bias


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalisation (Ba et al., 2016) with `gain` and `shift` (d,)."""

    gain: Array
    shift: Array

    @classmethod
    def start(cls, size: int) -> Self:
        """Return one that only normalises."""
        return cls(np.ones(size, np.float32), np.zeros(size, np.float32))

    def __call__(self, x: Array, on: Backend) -> Array:
        """Return `x` (…, d) with mean 0 and variance 1 in the last axis, then gain and shift."""
        return on.normed(x, self.gain, self.shift)


def uniform(shape: tuple[int, ...], n_in: int, rng: np.random.Generator) -> Floats:
    """Return numbers between ±1/√`n_in`, of `shape`."""
    bound = n_in**-0.5
    return rng.uniform(-bound, bound, shape).astype(np.float32)


def distances(length: int) -> Ints:
    """Return how many places the row lies after the column, (length, length); below 0 it is before."""
    places = np.arange(length)
    return places[:, None] - places[None, :]


def causal(length: int) -> Bools:
    """Return which place (row) may look at which (column), (length, length): itself and those before."""
    return distances(length) >= 0
