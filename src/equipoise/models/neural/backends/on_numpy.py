"""Nets run forward in NumPy: serving needs no deep learning library."""

import numpy as np

from equipoise.models.neural.backends.recurrence import gru_states, lstm_states, sigmoid
from equipoise.types import Bools, Floats, Ints

EPSILON = 1e-5


class OnNumpy:
    """Nothing is dropped: what is computed is what was learnt. For the methods see `Backend`."""

    def drop(self, x: Floats) -> Floats:  # noqa: D102
        return x

    def softmax(self, x: Floats) -> Floats:  # noqa: D102
        raised = np.exp(x - x.max(axis=-1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=-1, keepdims=True))

    def normed(self, x: Floats, gain: Floats, shift: Floats) -> Floats:  # noqa: D102
        size = np.float32(x.shape[-1])
        centred = x - np.add.reduce(x, axis=-1, keepdims=True) / size
        variance = np.add.reduce(centred * centred, axis=-1, keepdims=True) / size
        return np.asarray(centred / np.sqrt(variance + np.float32(EPSILON)) * gain + shift)

    def relu(self, x: Floats) -> Floats:  # noqa: D102
        return np.maximum(x, 0)

    def sigmoid(self, x: Floats) -> Floats:  # noqa: D102
        return sigmoid(x)

    def only(self, x: Floats, allowed: Bools) -> Floats:  # noqa: D102
        return np.where(allowed, x, np.float32(-np.inf))

    def taken(self, table: Floats, places: Ints) -> Floats:  # noqa: D102
        return np.asarray(table[places])

    def shifted(self, x: Floats, steps: int) -> Floats:  # noqa: D102
        return np.pad(x, ((0, 0), (steps, 0), (0, 0)))[:, : x.shape[1]]

    def stacked(self, parts: list[Floats]) -> Floats:  # noqa: D102
        return np.stack(parts, axis=-1)

    def joined(self, parts: list[Floats]) -> Floats:  # noqa: D102
        return np.concatenate(parts, axis=-1)

    def highest(self, x: Floats) -> Floats:  # noqa: D102
        return np.asarray(x.max(axis=-1))

    def gru(  # noqa: D102
        self, x: Floats, into: Floats, back: Floats, into_bias: Floats, back_bias: Floats
    ) -> Floats:
        return gru_states(x @ into.T + into_bias, back, back_bias)

    def lstm(  # noqa: D102
        self, x: Floats, into: Floats, back: Floats, into_bias: Floats, back_bias: Floats
    ) -> Floats:
        return lstm_states(x @ into.T + (into_bias + back_bias), back)
