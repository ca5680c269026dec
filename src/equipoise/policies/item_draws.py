"""Random numbers that are a function of (turn, item, draw): the same whoever asks, however often.

A policy that explores by draws from its posterior states exact propensities only if deciding and replaying
use the same draws. They are hashed (SplitMix64: Steele, Lea and Flood, 2014), not stored, so they cost the
candidates at hand and not the catalogue.
"""

from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from scipy.special import ndtri

from equipoise.types import Bools, Floats, Ints

_Bits: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.uint64]]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Draws:
    """Where each of any number of draws stands in the sequences of random numbers; `keys` of any shape."""

    keys: _Bits

    @classmethod
    def of(cls, items: Ints, turn: int, draws: int) -> Self:
        """Return `draws` of each of `items` (...), (..., draws)."""
        turns = _mixed(np.array([turn], np.int64).astype(np.uint64))
        keys = _mixed(items.astype(np.int64).astype(np.uint64) ^ turns)
        return cls(keys[..., None] + np.arange(1, draws + 1).astype(np.uint64) * _GOLDEN)

    def where(self, chosen: Bools) -> Self:
        """Return some of the draws, in one dimension."""
        return type(self)(self.keys[chosen])

    def uniforms(self, stream: int = 0) -> Floats:
        """Return numbers in (0, 1); another `stream` gives others, up to 2^32 of a kind."""
        bits = _mixed(self.keys + np.array([stream << 32]).astype(np.uint64) * _GOLDEN)
        return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

    def normals(self, stream: int = 0) -> Floats:
        """Return standard normal numbers."""
        return np.asarray(ndtri(self.uniforms(stream)))

    def betas(self, a: Floats, b: Floats) -> Floats:
        """Return Beta(a, b) numbers; `a` and `b` are at least 1/2 and broadcast to the draws."""
        successes, failures = self._gammas(a, 0), self._gammas(b, 1)
        return successes / (successes + failures)

    def _gammas(self, shape: Floats, first: int) -> Floats:
        """Return Gamma(shape) numbers, from every other stream after the `first`.

        Below 1 they are those of shape + 1, shrunk (Marsaglia and Tsang, 2000, section 6).
        """
        small = shape < 1.0
        d = np.broadcast_to(shape + small - 1.0 / 3.0, self.keys.shape)
        numbers, waiting = np.empty(d.shape), np.ones(d.shape, np.bool_)
        stream = first + 2
        while waiting.any():
            numbers[waiting] = self.where(waiting)._tried(d[waiting], stream)
            waiting = np.isnan(numbers)
            stream += 4
        if small.any():
            numbers *= np.where(small, self.uniforms(first) ** (1.0 / shape), 1.0)
        return numbers

    def _tried(self, d: Floats, stream: int) -> Floats:
        """Return an attempt each at Gamma(d + 1/3) numbers (Marsaglia and Tsang, 2000), NaN if it fails."""
        x, u = self.normals(stream), self.uniforms(stream + 2)
        v = (1.0 + x / np.sqrt(9.0 * d)) ** 3
        log_v = np.log(np.maximum(v, 1e-300))
        accepted = (v > 0.0) & (np.log(u) < 0.5 * x**2 + d * (1.0 - v + log_v))
        return np.where(accepted, d * v, np.nan)


def _mixed(bits: _Bits) -> _Bits:
    bits = (bits ^ (bits >> np.uint64(30))) * _FIRST
    bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
    return bits ^ (bits >> np.uint64(31))
