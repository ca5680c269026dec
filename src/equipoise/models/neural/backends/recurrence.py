"""The recurrent cells in NumPy: one step, which is what a new event costs, and a whole history.

A history is many small steps, and calling NumPy costs as much as the numbers do. So it is gone through in
place, with σ(z) = (tanh(z / 2) + 1) / 2: halved weights make one tanh of all gates, and the other half is
taken where it costs least.
"""

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


def gru_states(given: Floats, back: Floats, back_bias: Floats) -> Floats:
    """Return the states (b, n, h) after each place, as n of `gru_step` do from zeros.

    `given` (b, n, 3 h) is what the steps get as `x`.
    """
    size = back.shape[1]
    turned = np.ascontiguousarray(back.T * np.float32(0.5))
    given = _by_place(given)
    given[..., : 2 * size] = np.float32(0.5) * (given[..., : 2 * size] + back_bias[: 2 * size])
    own_bias = np.float32(0.5) * back_bias[2 * size :]
    states = np.zeros((len(given) + 1, given.shape[1], size), np.float32)
    own = np.empty(given.shape[1:], np.float32)
    gates, new = own[:, : 2 * size], own[:, 2 * size :]
    reset, update = gates[:, :size], gates[:, size:]
    for place, x in enumerate(given):
        old, state = states[place : place + 2]
        np.matmul(old, turned, out=own)
        gates += x[:, : 2 * size]
        np.tanh(gates, out=gates)
        gates += 1
        new += own_bias
        new *= reset
        new += x[:, 2 * size :]
        np.tanh(new, out=new)
        np.subtract(old, new, out=state)
        update *= 0.5
        state *= update
        state += new
    return np.ascontiguousarray(states[1:].swapaxes(0, 1))


def lstm_states(given: Floats, back: Floats) -> Floats:
    """Return the outputs (b, n, h) after each place, as n of `lstm_step` do from zeros.

    `given` (b, n, 4 h) is what the steps get as `x`.
    """
    size = back.shape[1]
    halves = np.repeat(np.array([0.5, 0.5, 1, 0.5], np.float32), size)
    # Twice the outputs are carried along, hence another half.
    turned = np.ascontiguousarray((back * (0.5 * halves)[:, None]).T)
    given = _by_place(given * halves)
    doubled, cell = np.zeros((2, given.shape[1], size), np.float32)
    outputs = np.empty((*given.shape[:2], size), np.float32)
    gates = np.empty(given.shape[1:], np.float32)
    both, new, out = gates[:, : 2 * size], gates[:, 2 * size : 3 * size], gates[:, 3 * size :]
    into, forget = both[:, :size], both[:, size:]
    for place, x in enumerate(given):
        np.matmul(doubled, turned, out=gates)
        gates += x
        np.tanh(gates, out=gates)
        both += 1
        cell *= forget
        into *= new
        cell += into
        cell *= 0.5
        doubled = outputs[place]
        np.tanh(cell, out=doubled)
        out += 1
        doubled *= out
    return np.ascontiguousarray((0.5 * outputs).swapaxes(0, 1), np.float32)


def _by_place(rows: Floats) -> Floats:
    return np.array(rows.swapaxes(0, 1), np.float32, order="C")


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (np.tanh(0.5 * x) + 1.0), x.dtype)
