"""A fitted self-attention network, run in NumPy."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.models.dense import DenseScorer
from equipoise.models.learner import TopK
from equipoise.models.neural.layers import Block, Norm, causal
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionScorer(DenseScorer):
    """`items` (n_items, d) vectors, `bias` (n_items,), `places` (length, d), then blocks and a norm."""

    items: Floats
    bias: Floats
    places: Floats
    blocks: tuple[Block, ...]
    norm: Norm

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.items)

    def score(self, histories: Histories) -> Floats:
        """Return the logits of what comes next, (n, n_items); the biases alone for an empty history."""
        known = histories.known(self.n_items)
        length = min(len(self.places), int(known.lengths().max(initial=0)))
        if length == 0:
            return np.tile(self.bias, (len(histories), 1))
        vectors = self._encode(known.padded(length))
        vectors[known.lengths() == 0] = 0.0
        return np.asarray(vectors @ self.items.T + self.bias)

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the items whose vectors point the same way, never the item itself."""
        lengths = np.linalg.norm(self.items, axis=1, keepdims=True)
        unit = self.items / np.maximum(lengths, 1e-9)
        known = (items >= 0) & (items < self.n_items)
        asked = np.where(known, items, 0)
        likeness = unit[asked] @ unit.T
        likeness[np.arange(len(asked)), asked] = -np.inf
        likeness[~known] = -np.inf
        return TopK.of(likeness, k)

    def _encode(self, inputs: Ints) -> Floats:
        """Return the vector after the last place of `inputs` (n, length), (n, d)."""
        allowed = causal(inputs != PADDING)
        scale = np.float32(self.items.shape[1] ** 0.5)
        x: Floats = self.items[inputs] * scale + self.places[-inputs.shape[1] :]
        for block in self.blocks[:-1]:
            x = block(x, allowed)
        return self.norm(self.blocks[-1](x, allowed, start=-1)[:, 0])
