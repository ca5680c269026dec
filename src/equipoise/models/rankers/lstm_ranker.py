"""A recurrent classifier of a session: an LSTM reads what was met before, a perceptron judges what is shown
now.

The cell is that of Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000): i, f, o = σ(W
[e, h] + b), c ← f ⊙ c + i ⊙ tanh(W_c [e, h] + b_c), h ← o ⊙ tanh(c).
"""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.rankers.algebra import Algebra, Array
from equipoise.models.rankers.deep import DeepLearner
from equipoise.models.rankers.inputs import Batch, Inputs
from equipoise.models.rankers.layers import Dense, Perceptron, Table, side_by_side
from equipoise.models.space import Whole, tunable


@dataclass(frozen=True, slots=True)
class LSTM:
    """`inner` (in, 4 h) with a bias, and `again` (h, 4 h): gates in, forget, out, and the candidate."""

    inner: Dense
    again: Array

    @classmethod
    def start(cls, n_in: int, size: int, rng: np.random.Generator) -> "LSTM":
        """Draw a cell that at first forgets little (Jozefowicz et al., 2015)."""
        inner = rng.normal(0, n_in**-0.5, (n_in, 4 * size)).astype(np.float32)
        bias = np.repeat(np.array([0, 1, 0, 0], np.float32), size)
        return cls(Dense(inner, bias), rng.normal(0, size**-0.5, (size, 4 * size)).astype(np.float32))

    def __call__(self, on: Algebra, x: Array, there: Array) -> Array:
        """Return the state after the last place of `x` (n, length, in), (n, h); unmoved where not `there`."""
        size = self.again.shape[0]
        ahead = self.inner(x)
        state = cell = ahead[:, 0, :size] * 0
        for at in range(x.shape[1]):
            gates = ahead[:, at] + state @ self.again
            let_in, kept, let_out = (on.sigmoid(gates[:, k * size : (k + 1) * size]) for k in range(3))
            fresh = kept * cell + let_in * on.tanh(gates[:, 3 * size :])
            moved = there[:, at, None]
            state = moved * (let_out * on.tanh(fresh)) + ~moved * state
            cell = moved * fresh + ~moved * cell
        return state


@dataclass(frozen=True, slots=True)
class Session:
    """Vectors of the items met and of how they were met, the cell, and the perceptron."""

    items: Table
    kinds: Array
    cell: LSTM
    deep: Perceptron

    @property
    def width(self) -> int:
        """The perceptron's width and the linear term."""
        return len(self.deep.layers[-1].bias) + 1

    def hidden(self, on: Algebra, batch: Batch, table: Table) -> Array:
        """Return the perceptron's outputs on the state, the inputs and their vectors, and the linear term."""
        first = side_by_side(on, batch.numeric, table.fields(on, batch.codes))
        if batch.items.shape[1]:
            met = self.items.fields(on, batch.items) + on.lookup(self.kinds, batch.kinds)
            first = on.concat([first, self.cell(on, met, batch.kinds > 0)])
        return on.concat([self.deep(on, first), table.linear(on, batch.codes)])


@dataclass(frozen=True, slots=True, kw_only=True)
class LSTMRanker(DeepLearner):
    """An LSTM of `state` numbers over the last `length` items, then `layers` dense layers of `width`."""

    length: int = tunable(20, Whole(5, 50))
    state: int = tunable(16, Whole(8, 64, log=True))
    width: int = tunable(128, Whole(32, 512, log=True))
    layers: int = tunable(2, Whole(1, 3))

    def __post_init__(self) -> None:
        DeepLearner.__post_init__(self)
        if min(self.length, self.state, self.width, self.layers) < 1:
            raise BadInputError(self.name, "length, state, width and layers must be at least 1")

    @property
    def looks_back(self) -> int:
        """How many items of its history a row shows the net."""
        return self.length

    def body(self, inputs: Inputs, rng: np.random.Generator) -> Session:
        """Return all parts as drawn."""
        n = inputs.n_numeric + inputs.n_columns * self.embedding_size
        state = self.state if inputs.schema.n_items else 0
        kinds = rng.normal(0, 0.05, (inputs.schema.n_kinds + 1, self.embedding_size)).astype(np.float32)
        return Session(
            items=Table.start(inputs.n_items, self.embedding_size, rng),
            kinds=kinds,
            cell=LSTM.start(self.embedding_size, self.state, rng),
            deep=Perceptron.start(n + state, [self.width] * self.layers, rng),
        )
