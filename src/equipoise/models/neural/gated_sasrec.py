"""Self-attention whose residual branches are gated (Borisyuk et al., 2025, "LiGR").

The block of "eSASRec" (Tikhonovich et al., 2025), by whose measurements it is the strongest of its kind,
with one change: an item is placed by how long before the asked place it was met (Shaw et al., 2018), and not
by a vector, so that every place of a history teaches what the last one is asked.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.neural.attention import Attention
from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.models.neural.layers import Linear, Norm, distances
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.models.space import OneOf, Whole, tunable
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedSASRec(SequenceLearner):
    """Gated `blocks` of `heads` over the last `length` items."""

    name: ClassVar[str] = "gated_sasrec"

    blocks: int = tunable(1, Whole(1, 3))
    heads: int = tunable(1, OneOf((1, 2, 4)))

    def __post_init__(self) -> None:
        SequenceLearner.__post_init__(self)
        if min(self.blocks, self.heads) < 1:
            raise BadInputError("gated_sasrec", "blocks and heads must be at least 1")
        if self.embedding_size % self.heads:
            raise BadInputError("gated_sasrec", "embedding_size must be a multiple of heads")

    def net(self, rng: np.random.Generator) -> "GatedNet":
        """Return the network before training."""
        size = self.embedding_size
        blocks = tuple(GatedBlock.start(size, self.heads, self.length, rng) for _ in range(self.blocks))
        return GatedNet(blocks=blocks, norm=Norm.start(size))


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedBlock:
    """Attention, then a feed-forward layer with a gate (Shazeer, 2020, "SwiGLU").

    What each adds is multiplied by a gate of the residual. `nearness` (heads, length): entry a is added to
    the likeness of an item a places before the one that looks at it.
    """

    attention_norm: Norm
    attention: Attention
    nearness: Array
    attention_gate: Linear
    feed_norm: Norm
    open: Linear
    widen: Linear
    narrow: Linear
    feed_gate: Linear

    @classmethod
    def start(cls, size: int, heads: int, length: int, rng: np.random.Generator) -> Self:
        """Return random weights for vectors of `size`."""
        return cls(
            attention_norm=Norm.start(size),
            attention=Attention.start(size, rng),
            nearness=np.zeros((heads, length), np.float32),
            attention_gate=Linear.start(size, size, rng),
            feed_norm=Norm.start(size),
            open=Linear.start(size, 2 * size, rng),
            widen=Linear.start(size, 2 * size, rng),
            narrow=Linear.start(2 * size, size, rng),
            feed_gate=Linear.start(size, size, rng),
        )

    def __call__(self, x: Array, on: Backend) -> Array:
        """Return (b, n, d) for `x` (b, n, d)."""
        before = self.attention_norm(x, on)
        apart = np.maximum(distances(x.shape[1]), 0)
        nearness = on.taken(self.nearness.swapaxes(0, 1), apart).swapaxes(0, 2).swapaxes(1, 2)
        added = self.attention(before, nearness, len(self.nearness), on)
        x = x + on.drop(added * on.sigmoid(self.attention_gate(before)))
        before = self.feed_norm(x, on)
        opened = self.open(before)
        fed = self.narrow(on.drop(opened * on.sigmoid(opened) * self.widen(before)))
        return x + on.drop(fed * on.sigmoid(self.feed_gate(before)))


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedNet:
    """Blocks and a norm; nothing is added to the vectors of the items."""

    blocks: tuple[GatedBlock, ...]
    norm: Norm

    def __call__(self, x: Array, ages: Ints, on: Backend) -> Array:
        """Return the vectors after each place, (b, n, d)."""
        x = on.drop(x)
        for block in self.blocks:
            x = block(x, on)
        return self.norm(x, on)
