"""A network with long short-term memory over the events of a history (Hochreiter & Schmidhuber, 1997)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.models.neural.backends.recurrence import lstm_step
from equipoise.models.neural.layers import Linear, Norm, uniform
from equipoise.models.neural.recurrent import States
from equipoise.models.neural.recurrent_net import RecurrentLearner, RecurrentNet
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class LSTM(RecurrentLearner):
    """One layer of `hidden_size` memory cells over the last `length` items.

    Its scorer can be told of one event at a time: see `SequenceScorer.advanced`.
    """

    name: ClassVar[str] = "lstm"

    def net(self, rng: np.random.Generator) -> "LSTMNet":
        """Return the network before training."""
        size, hidden = self.embedding_size, self.hidden_size
        # A forget gate that starts open remembers from the first epoch (Jozefowicz et al., 2015).
        bias = np.repeat(np.array([0, 1, 0, 0], np.float32), hidden)
        return LSTMNet(
            into=uniform((4 * hidden, size), hidden, rng),
            back=uniform((4 * hidden, hidden), hidden, rng),
            into_bias=bias,
            back_bias=np.zeros(4 * hidden, np.float32),
            out=Linear.start(hidden, size, rng),
            norm=Norm.start(size),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LSTMNet(RecurrentNet):
    """Long short-term memory, then a layer back to the size of the items."""

    def __call__(self, x: Array, ages: Ints, on: Backend) -> Array:
        """Return the vectors after each place, (b, n, d)."""
        states = on.lstm(on.drop(x), self.into, self.back, self.into_bias, self.back_bias)
        return self.told(states, on)

    def states(self, n: int) -> States:
        """Return the outputs and the cells of `n` empty histories."""
        return tuple(np.zeros((2, n, self.back.shape[1]), np.float32))

    def advance(self, states: States, x: Floats) -> States:
        """Return the outputs and the cells after one more item each, with vectors `x` (n, d)."""
        given = x @ self.into.T + (self.into_bias + self.back_bias)
        return lstm_step(given, states[0], states[1], self.back)
