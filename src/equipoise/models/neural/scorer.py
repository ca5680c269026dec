"""A fitted sequence model, run in NumPy."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.cosines import nearest, unit_rows
from equipoise.models.dense import DenseScorer
from equipoise.models.learner import TopK
from equipoise.models.neural.backends.on_numpy import OnNumpy
from equipoise.models.neural.beside import Beside
from equipoise.models.neural.net import Net
from equipoise.models.neural.reasons import missed
from equipoise.models.neural.recurrent import Recurrent, States
from equipoise.types import Floats, Ints

_ON = OnNumpy()


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceScorer(DenseScorer):
    """`items` (n_items, d) vectors, of length 1 where `unit`; `bias` (n_items,); `net` reads a history.

    An item's score is `scale` times the product of its vector and the net's (made of length 1 too where
    `unit`), plus its bias. The last `length` items of a history are read, and what is known `beside` them.
    """

    items: Floats
    bias: Floats
    beside: Beside
    net: Net
    length: int
    scale: float = 1.0
    unit: bool = False

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.items)

    def score(self, histories: Histories) -> Floats:
        """Return the logits of what comes next, (n, n_items); the biases alone for an empty history."""
        return self._scored(self.encode(histories))

    def encode(self, histories: Histories) -> Floats:
        """Return the vector of what is expected after each history, (n, d); zeros for an empty one."""
        known = histories.known(self.n_items)
        length = min(self.length, int(known.lengths().max(initial=0)))
        if length == 0:
            return np.zeros((len(histories), self.items.shape[1]), np.float32)
        lengths = np.minimum(known.lengths(), length)
        places = np.arange(length)
        inside = places < lengths[:, None]
        first = known.offsets[1:] - lengths
        shown = np.where(inside, first[:, None] + places, 0)
        x = self.beside(self._inputs(known.items[shown]), self.beside.codes(known).at(shown), _ON)
        vectors = self.net(x, ages(lengths, length), _ON)
        last: Floats = vectors[np.arange(len(lengths)), np.maximum(lengths - 1, 0)]
        return np.where(lengths[:, None] > 0, self._pointed(last), np.float32(0))

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the items whose vectors point the same way, never the item itself."""
        return nearest(unit_rows(self.items), items, k)

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history without which its item in `items` (n,) would lose most.

        The scores are what its score would lose; they need not sum to it. See `reasons`.
        """
        return missed(self.encode, self.items, self.bias, histories, items, k)

    def started(self, n: int) -> States:
        """Return the states of `n` empty histories, to be `advanced`.

        Raises `BadInputError` where the net has no state.
        """
        return self._recurrent().states(n)

    def advanced(self, states: States, items: Ints) -> States:
        """Return the states after one more item each, `items` (n,); an unknown item changes nothing.

        What it costs does not depend on how long the histories are; `score` forgets all but the last
        `length` items, a state nothing. What is known beside the items is not told.
        """
        known = (items >= 0) & (items < self.n_items)
        later = self._recurrent().advance(states, self._inputs(np.where(known, items, 0)))
        pairs = zip(later, states, strict=True)
        return tuple(np.where(known[:, None], new, old) for new, old in pairs)

    def score_states(self, states: States) -> Floats:
        """Return the score of every item after `states`, (n, n_items)."""
        return self._scored(self._pointed(self._recurrent().told(states[0], _ON)))

    def _recurrent(self) -> Recurrent:
        if not isinstance(self.net, Recurrent):
            raise BadInputError("net", "keeps no state; fit gru or lstm to be told of one event at a time")
        return self.net

    def _inputs(self, items: Ints) -> Floats:
        return self.items[items] * np.float32(self.items.shape[1] ** 0.5)

    def _pointed(self, vectors: Floats) -> Floats:
        return unit_rows(vectors) * np.float32(self.scale) if self.unit else vectors

    def _scored(self, vectors: Floats) -> Floats:
        return np.asarray(vectors @ self.items.T + self.bias)


def ages(lengths: Ints, length: int) -> Ints:
    """Return how many places before the newest of its row each place is, (n, `length`); 0 after it."""
    return np.asarray(np.maximum(lengths[:, None] - 1 - np.arange(length), 0))
