"""DeepFM (Guo et al., 2017): a factorisation machine and a perceptron that share their vectors.

The machine adds ½ Σ_k [(Σ_i v_ik)² - Σ_i v_ik²], which is Σ_{i<j} v_i · v_j (Rendle, 2010). A numeric column
has a vector of its own, times its value.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.rankers.algebra import Algebra, Array
from equipoise.models.rankers.deep import DeepLearner
from equipoise.models.rankers.inputs import Batch, Inputs
from equipoise.models.rankers.layers import Perceptron, Table, side_by_side
from equipoise.models.space import Whole, tunable


@dataclass(frozen=True, slots=True)
class Machine:
    """`numeric` (d, k) vectors of the numeric inputs, and the perceptron."""

    numeric: Array
    deep: Perceptron

    @property
    def width(self) -> int:
        """The numeric inputs, the linear term, the pairs and the perceptron's width."""
        return len(self.numeric) + 2 + len(self.deep.layers[-1].bias)

    def hidden(self, on: Algebra, batch: Batch, table: Table) -> Array:
        """Return the linear inputs and term, the sum of all pairs, and the perceptron's outputs, (n,
        width).
        """
        fields = table.fields(on, batch.codes)
        total = fields.sum(1) + batch.numeric @ self.numeric
        own = (fields * fields).sum(1) + (batch.numeric * batch.numeric) @ (self.numeric * self.numeric)
        pairs = 0.5 * (total * total - own).sum(1)[:, None]
        deep = self.deep(on, side_by_side(on, batch.numeric, fields))
        return on.concat([batch.numeric, table.linear(on, batch.codes), pairs, deep])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepFM(DeepLearner):
    """`layers` dense layers of `width` beside the factorisation machine."""

    width: int = tunable(128, Whole(32, 512, log=True))
    layers: int = tunable(2, Whole(1, 3))

    def __post_init__(self) -> None:
        DeepLearner.__post_init__(self)
        if min(self.width, self.layers) < 1:
            raise BadInputError(self.name, "width and layers must be at least 1")

    def body(self, inputs: Inputs, rng: np.random.Generator) -> Machine:
        """Return both halves as drawn."""
        n = inputs.n_numeric + inputs.n_columns * self.embedding_size
        vectors = rng.normal(0, 0.05, (inputs.n_numeric, self.embedding_size)).astype(np.float32)
        return Machine(vectors, Perceptron.start(n, [self.width] * self.layers, rng))
