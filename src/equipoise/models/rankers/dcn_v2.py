"""Deep & Cross Network V2 (Wang et al., 2021): explicit crosses of bounded degree beside a perceptron.

x_{l+1} = x_0 ⊙ (W_l x_l + b_l) + x_l, with W_l = U_l V_lᵀ of low rank; the parallel form of the paper.
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
class Cross:
    """One cross layer: `down` (n, rank), then `up` (rank, n) with a bias."""

    down: Array
    up: Dense

    @classmethod
    def start(cls, n: int, rank: int, rng: np.random.Generator) -> "Cross":
        """Draw a layer that changes its inputs little."""
        down = rng.normal(0, n**-0.5, (n, rank)).astype(np.float32)
        return cls(
            down,
            Dense(rng.normal(0, 0.1 * rank**-0.5, (rank, n)).astype(np.float32), np.zeros(n, np.float32)),
        )

    def __call__(self, first: Array, x: Array) -> Array:
        """Return x_0 ⊙ (U V x + b) + x."""
        return first * self.up(x @ self.down) + x


@dataclass(frozen=True, slots=True)
class Crossing:
    """Cross layers and a perceptron on the same inputs, side by side, and the linear term."""

    crosses: tuple[Cross, ...]
    deep: Perceptron

    @property
    def width(self) -> int:
        """As many as there are inputs, the perceptron's width, and one."""
        return len(self.crosses[0].down) + len(self.deep.layers[-1].bias) + 1

    def hidden(self, on: Algebra, batch: Batch, table: Table) -> Array:
        """Return the crosses, the perceptron's outputs and the linear term, (n, width)."""
        first = side_by_side(on, batch.numeric, table.fields(on, batch.codes))
        x = first
        for cross in self.crosses:
            x = cross(first, x)
        return on.concat([on.dropout(x), self.deep(on, first), table.linear(on, batch.codes)])


@dataclass(frozen=True, slots=True, kw_only=True)
class DCNv2(DeepLearner):
    """`crosses` cross layers of `rank`, beside `layers` dense layers of `width`."""

    crosses: int = tunable(2, Whole(1, 4))
    rank: int = tunable(32, Whole(8, 128, log=True))
    width: int = tunable(128, Whole(32, 512, log=True))
    layers: int = tunable(2, Whole(1, 3))

    def __post_init__(self) -> None:
        DeepLearner.__post_init__(self)
        if min(self.crosses, self.rank, self.width, self.layers) < 1:
            raise BadInputError(self.name, "crosses, rank, width and layers must be at least 1")

    def body(self, inputs: Inputs, rng: np.random.Generator) -> Crossing:
        """Return both halves as drawn."""
        n = inputs.n_numeric + inputs.n_columns * self.embedding_size
        return Crossing(
            tuple(Cross.start(n, self.rank, rng) for _ in range(self.crosses)),
            Perceptron.start(n, [self.width] * self.layers, rng),
        )
