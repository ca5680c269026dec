"""A recurrent network over the events of a history (Hidasi et al., 2016, "GRU4Rec")."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.models.neural.backends.recurrence import gru_step
from equipoise.models.neural.layers import Linear, Norm, uniform
from equipoise.models.neural.recurrent import States
from equipoise.models.neural.recurrent_net import RecurrentLearner, RecurrentNet
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class GRU(RecurrentLearner):
    """One layer of `hidden_size` gated recurrent units over the last `length` items.

    Its scorer can be told of one event at a time: see `SequenceScorer.advanced`.
    """

    name: ClassVar[str] = "gru"

    def net(self, rng: np.random.Generator) -> "GRUNet":
        """Return the network before training."""
        size, hidden = self.embedding_size, self.hidden_size
        return GRUNet(
            into=uniform((3 * hidden, size), hidden, rng),
            back=uniform((3 * hidden, hidden), hidden, rng),
            into_bias=np.zeros(3 * hidden, np.float32),
            back_bias=np.zeros(3 * hidden, np.float32),
            out=Linear.start(hidden, size, rng),
            norm=Norm.start(size),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GRUNet(RecurrentNet):
    """A gated recurrent unit (Cho et al., 2014), then a layer back to the size of the items."""

    def __call__(self, x: Array, ages: Ints, on: Backend) -> Array:
        """Return the vectors after each place, (b, n, d)."""
        states = on.gru(on.drop(x), self.into, self.back, self.into_bias, self.back_bias)
        return self.told(states, on)

    def states(self, n: int) -> States:
        """Return the states of `n` empty histories."""
        return (np.zeros((n, self.back.shape[1]), np.float32),)

    def advance(self, states: States, x: Floats) -> States:
        """Return the states after one more item each, with vectors `x` (n, d)."""
        return (gru_step(x @ self.into.T + self.into_bias, states[0], self.back, self.back_bias),)
