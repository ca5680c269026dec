"""Random numbers that are a function of (turn, item, draw): the same whoever asks, however often.

A policy that explores by draws from its posterior states exact propensities only if deciding and replaying
use the same draws. They are hashed (SplitMix64: Steele, Lea and Flood, 2014), not stored, so they cost the
candidates at hand and not the catalogue.
"""

from typing import Any, TypeAlias

import numpy as np
from scipy.special import ndtri

from equipoise.kernels import kernel
from equipoise.types import Floats, Ints

_Bits: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.uint64]]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


def normals(items: Ints, turn: int, draws: int) -> Floats:
    """Return standard normal numbers (u, draws) for `items` (u,)."""
    bits = _mixed(_keys(items, turn, draws)) >> _11
    return np.asarray(ndtri((bits.astype(np.float64) + 0.5) * 2.0**-53))


def betas(a: Floats, b: Floats, items: Ints, turn: int, draws: int) -> Floats:
    """Return Beta(a, b) numbers (u, draws) for `items` (u,) with `a`, `b` (u,), each at least 1/2."""
    numbers = np.empty((len(items), draws))
    _draw_betas(a, b, _mixed(_keys(items, turn, draws)), numbers)
    return numbers


def _keys(items: Ints, turn: int, draws: int) -> _Bits:
    """Return where the numbers of each draw of `items` begin, (u, draws)."""
    turns = _mixed(np.array([turn], np.int64).astype(np.uint64))
    keys: _Bits = _mixed(items.astype(np.int64).astype(np.uint64) ^ turns)
    return keys[:, None] + np.arange(1, draws + 1).astype(np.uint64) * _GOLDEN


@kernel
def _mixed(bits: Any) -> Any:
    """Return well mixed what is 64 bits, one or many."""
    bits = (bits ^ (bits >> _30)) * _FIRST
    bits = (bits ^ (bits >> _27)) * _SECOND
    return bits ^ (bits >> _31)


@kernel
def _draw_betas(a: Floats, b: Floats, states: _Bits, numbers: Floats) -> None:
    for item in range(len(a)):
        for draw in range(numbers.shape[1]):
            successes, state = _gamma(a[item], states[item, draw])
            failures, state = _gamma(b[item], state)
            numbers[item, draw] = successes / (successes + failures)


@kernel
def _uniform(state: np.uint64) -> float:
    return (np.float64(_mixed(state) >> _11) + 0.5) * 2.0**-53


@kernel
def _gamma(shape: float, state: np.uint64) -> tuple[float, np.uint64]:
    """Return a Gamma(shape) number by Marsaglia and Tsang (2000), and the state after it.

    Below 1 it is one of shape + 1, shrunk (section 6).
    """
    shrink = 1.0
    if shape < 1.0:
        state += _GOLDEN
        shrink = _uniform(state) ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    while True:
        x, state = _normal(state)
        v = (1.0 + c * x) ** 3
        state += _GOLDEN
        if v > 0.0 and np.log(_uniform(state)) < 0.5 * x * x + d * (1.0 - v + np.log(v)):
            return shrink * d * v, state


@kernel
def _normal(state: np.uint64) -> tuple[float, np.uint64]:
    """Return a standard normal number by Marsaglia's polar method (1964), and the state after it."""
    while True:
        state += _GOLDEN
        x = 2.0 * _uniform(state) - 1.0
        state += _GOLDEN
        y = 2.0 * _uniform(state) - 1.0
        square = x * x + y * y
        if square < 1.0:
            return x * np.sqrt(-2.0 * np.log(square) / square), state
