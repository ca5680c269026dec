"""Random numbers that are a function of (turn, item, draw): the same whoever asks, however often.

A policy that explores by draws from its posterior states exact propensities only if deciding and replaying
use the same draws. They are hashed (SplitMix64: Steele, Lea and Flood, 2014), not stored, so they cost the
candidates at hand and not the catalogue.
"""

import numpy as np
from scipy.special import ndtri

from equipoise.types import Floats, Ints

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STREAM = 1 << 32
"""Numbers of a stream; no item asks for so many draws."""


def uniforms(items: Ints, turn: int, draws: int, *, stream: int = 0) -> Floats:
    """Return numbers in (0, 1), (..., draws), for `items` (...); another `stream` gives others."""
    turns = _mixed(np.array([turn], np.int64).astype(np.uint64))
    keys = _mixed(items.astype(np.int64).astype(np.uint64) ^ turns)
    steps = np.arange(stream * _STREAM + 1, stream * _STREAM + 1 + draws).astype(np.uint64) * _GOLDEN
    bits = _mixed(keys[..., None] + steps) >> np.uint64(11)
    return (bits.astype(np.float64) + 0.5) * 2.0**-53


def normals(items: Ints, turn: int, draws: int, *, stream: int = 0) -> Floats:
    """Return standard normal numbers (..., draws) for `items` (...)."""
    return np.asarray(ndtri(uniforms(items, turn, draws, stream=stream)))


def betas(a: Floats, b: Floats, items: Ints, turn: int, draws: int) -> Floats:
    """Return Beta(a, b) numbers (..., draws) for `items` (...) with `a`, `b` (...), each at least 1/2."""
    successes, failures = _gammas(a, items, turn, draws, 0), _gammas(b, items, turn, draws, 1)
    return successes / (successes + failures)


def _gammas(shape: Floats, items: Ints, turn: int, draws: int, kind: int) -> Floats:
    """Return Gamma(shape) numbers: of shape + 1 by Marsaglia and Tsang (2000), shrunk as in section 6."""
    d = np.repeat(shape[..., None] + 1.0 - 1.0 / 3.0, draws, axis=-1)
    numbers, waiting = np.zeros(d.shape), np.ones(d.shape, np.bool_)
    streams = 2 + kind
    while waiting.any():
        x = normals(items, turn, draws, stream=streams)
        v = (1.0 + x / np.sqrt(9.0 * d)) ** 3
        accepted = waiting & (v > 0.0)
        log_v = np.log(np.where(v > 0.0, v, 1.0))
        u = uniforms(items, turn, draws, stream=streams + 2)
        accepted &= np.log(u) < 0.5 * x**2 + d * (1.0 - v + log_v)
        numbers[accepted] = (d * v)[accepted]
        waiting &= ~accepted
        streams += 4
    shrink: Floats = uniforms(items, turn, draws, stream=kind) ** (1.0 / shape[..., None])
    return numbers * shrink


def _mixed(
    bits: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    bits = (bits ^ (bits >> np.uint64(30))) * _FIRST
    bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
    return bits ^ (bits >> np.uint64(31))
