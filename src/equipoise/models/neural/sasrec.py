"""Self-attentive sequential recommendation (Kang & McAuley, 2018, "SASRec").

Trained as in later work that made it strong: a softmax over all items instead of one sampled negative
(Klenitskiy & Vasilev, 2023) and targets from the near future (see `stretches`).
"""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.neural.attention import Attention
from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.models.neural.layers import Linear, Norm
from equipoise.models.neural.negatives import NEGATIVES
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.models.space import Between, OneOf, Whole, tunable
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SASRec(SequenceLearner):
    """A causal self-attention network of `blocks` over the last `length` items, one head.

    The defaults suit a shop's orders with dates: spectral start, few epochs, targets from the next 50 items.
    """

    name: ClassVar[str] = "sasrec"

    blocks: int = tunable(1, Whole(1, 3))
    dropout: float = tunable(0.2, Between(0.1, 0.7))
    negatives: str = tunable("all", OneOf(tuple(NEGATIVES)))
    start: str = "spectral"
    horizon: int = 50
    targets: int | None = 10
    half_life_days: float = 30.0
    trend_half_life_days: float = 7.0
    epochs: int = 5
    batch_items: int = 3200
    averaging: float = 0.0
    anneal: bool = True
    patience: int = 2
    weight_decay: float = 0.01
    validation_users: int = 300

    def __post_init__(self) -> None:
        SequenceLearner.__post_init__(self)
        if self.blocks < 1:
            raise BadInputError("sasrec", "blocks must be at least 1")

    def net(self, rng: np.random.Generator) -> "SASRecNet":
        """Return the network before training."""
        places = np.zeros((self.length, self.embedding_size), np.float32)
        blocks = tuple(Block.start(self.embedding_size, rng) for _ in range(self.blocks))
        return SASRecNet(places=places, blocks=blocks, norm=Norm.start(self.embedding_size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Attention, then a feed-forward layer, each around a residual."""

    attention_norm: Norm
    attention: Attention
    feed_norm: Norm
    widen: Linear
    narrow: Linear

    @classmethod
    def start(cls, size: int, rng: np.random.Generator) -> Self:
        """Return random weights for vectors of `size`."""
        return cls(
            attention_norm=Norm.start(size),
            attention=Attention.start(size, rng),
            feed_norm=Norm.start(size),
            widen=Linear.start(size, 2 * size, rng),
            narrow=Linear.start(2 * size, size, rng),
        )

    def __call__(self, x: Array, on: Backend) -> Array:
        """Return (b, n, d) for `x` (b, n, d)."""
        mixed = x + on.drop(self.attention(self.attention_norm(x, on), None, 1, on))
        return mixed + on.drop(self.narrow(on.relu(self.widen(self.feed_norm(mixed, on)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class SASRecNet:
    """`places` (length, d): row a is added to the item that is a places before the newest."""

    places: Array
    blocks: tuple[Block, ...]
    norm: Norm

    def __call__(self, x: Array, ages: Ints, on: Backend) -> Array:
        """Return the vectors after each place, (b, n, d)."""
        x = on.drop(x + on.taken(self.places, ages))
        for block in self.blocks:
            x = block(x, on)
        return self.norm(x, on)
