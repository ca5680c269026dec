"""One step of the recurrent cells in NumPy: what a new event costs, however long the history is."""

import numpy as np

from equipoise.types import Floats


def gru_step(x: Floats, state: Floats, back: Floats, back_bias: Floats) -> Floats:
    """Return the next state (b, h) of a gated recurrent unit (Cho et al., 2014).

    `x` (b, 3 h) is the input times its weights, bias added: reset, update and new; `state` (b, h).
    """
    size = state.shape[1]
    own = state @ back.T + back_bias
    gates = sigmoid(x[:, : 2 * size] + own[:, : 2 * size])
    reset, update = gates[:, :size], gates[:, size:]
    new = np.tanh(x[:, 2 * size :] + reset * own[:, 2 * size :])
    return np.asarray(new + update * (state - new))


def lstm_step(x: Floats, state: Floats, cell: Floats, back: Floats) -> tuple[Floats, Floats]:
    """Return the next output and cell (b, h) of a long short-term memory (Hochreiter & Schmidhuber, 1997).

    `x` (b, 4 h) is the input times its weights, both biases added: input, forget, cell and output.
    """
    size = state.shape[1]
    gates = x + state @ back.T
    into, forget = sigmoid(gates[:, :size]), sigmoid(gates[:, size : 2 * size])
    cell = np.asarray(forget * cell + into * np.tanh(gates[:, 2 * size : 3 * size]))
    return np.asarray(sigmoid(gates[:, 3 * size :]) * np.tanh(cell)), cell


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (np.tanh(0.5 * x) + 1.0), x.dtype)
