"""The polynomial layer: σ(W · [x, x², …, x^L]), each power elementwise.

x holds the numeric columns and the vectors of the categories; one weight of each category is added.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.rankers.algebra import Algebra, Array
from equipoise.models.rankers.deep import DeepLearner
from equipoise.models.rankers.inputs import Batch, Inputs
from equipoise.models.rankers.layers import Table, side_by_side
from equipoise.models.space import Whole, tunable

_NEAR_ONE = 3**-0.5
"""Numeric inputs lie within 3^½ of 0; times this, high powers stay small."""


@dataclass(frozen=True, slots=True)
class Powers:
    """[x, x², …, x^L] and the linear term, for x of length `n` and L = `degree`."""

    n: int
    degree: int

    @property
    def width(self) -> int:
        """L times n, and one."""
        return self.degree * self.n + 1

    def hidden(self, on: Algebra, batch: Batch, table: Table) -> Array:
        """Return the powers and the linear term, (n, width)."""
        x = side_by_side(on, batch.numeric * _NEAR_ONE, table.fields(on, batch.codes))
        powers = [x]
        while len(powers) < self.degree:
            powers.append(powers[-1] * x)
        return on.concat([*powers, table.linear(on, batch.codes)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Polynomial(DeepLearner):
    """Powers of every input up to `degree`, and one weight each."""

    degree: int = tunable(3, Whole(1, 8))

    def __post_init__(self) -> None:
        DeepLearner.__post_init__(self)
        if self.degree < 1:
            raise BadInputError(self.name, f"degree must be at least 1, is {self.degree}")

    def body(self, inputs: Inputs, rng: np.random.Generator) -> Powers:
        """Return the powers of the inputs."""
        return Powers(inputs.n_numeric + inputs.n_columns * self.embedding_size, self.degree)
