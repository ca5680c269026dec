"""Embarrassingly shallow autoencoder (Steck, 2019, "Embarrassingly Shallow Autoencoders for Sparse Data").

`dropout` is of Steck, 2020, "Autoencoders that don't overfit towards the Identity"; `content` is CEASE
(Jeunen et al., 2020, "Closed-Form Models for Collaborative Filtering with Side-Information").
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models.item_item import DenseItems
from equipoise.models.linear.rows import rows
from equipoise.models.linear.solve import gram, invert
from equipoise.models.space import Between, tunable
from equipoise.progress import report
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class EASE:
    """Ridge regression of every item on all others, in closed form, with no item predicting itself.

    In scoring an item counts `decay` ** age, its age being how many places before the newest of its history
    it was met last, and in fitting `fit_decay` ** age. `weighted` makes an item count by the weight of its
    interaction as well, in fitting. `dropout` is the share of each history hidden from the regression, in
    expectation: it adds dropout / (1 - dropout) of how often an item was met to the ridge of that item.
    Two items of the same `content` count as if `content_weight` more users had met both.
    """

    reg: float = tunable(300.0, Between(1.0, 10_000.0, log=True))
    decay: float = tunable(1.0, Between(0.3, 1.0))
    fit_decay: float = 1.0
    dropout: float = tunable(0.0, Between(0.0, 0.8))
    weighted: bool = False
    content: ItemContent | None = None
    content_weight: float = tunable(1.0, Between(0.1, 10.0, log=True))

    def __post_init__(self) -> None:
        if not self.reg > 0:
            raise BadInputError("reg", f"must be above 0, is {self.reg}")
        if not (0 < self.decay <= 1 and 0 < self.fit_decay <= 1):
            raise BadInputError("decay", "decay and fit_decay must be above 0 and at most 1")
        if not 0 <= self.dropout < 1:
            raise BadInputError("dropout", f"must be at least 0 and below 1, is {self.dropout}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> DenseItems:
        """Solve, in n³ flops and the memory of one (n, n) float32 matrix for n items. `rng` is not used."""
        report("ease", 0, 2)
        matrix = gram(
            rows(
                data,
                decay=self.fit_decay,
                weighted=self.weighted,
                content=self.content,
                content_weight=self.content_weight,
            )
        )
        ridge = self.reg + self.dropout / (1 - self.dropout) * matrix.diagonal().astype(np.float64)
        report("ease", 1, 2)
        weights = _weights(invert(matrix, ridge))
        report("ease", 2, 2)
        return DenseItems(weights=weights, decay=self.decay)


def _weights(inverse: Floats) -> Floats:
    """Overwrite the inverse P with the weights: B_ij = -P_ij / P_jj, 0 where i = j."""
    inverse /= -inverse.diagonal()
    np.fill_diagonal(inverse, 0.0)
    return inverse
