"""Parts of the fusion benchmark that read the newest items of a history first."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.models.item_item import DenseItems, SparseItems
from equipoise.models.linear.ease import EASE
from equipoise.models.neighbours.item_knn import ItemKNN


@dataclass(frozen=True, slots=True)
class _Aged:
    """Interactions whose matrix is aged by `by`, whoever asks for it."""

    data: Interactions
    by: float

    @property
    def n_items(self) -> int:
        """The number of items."""
        return self.data.n_items

    def matrix(self, decay: float = 1.0) -> sparse.csr_matrix:
        """Return the aged matrix."""
        return self.data.matrix(self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedEASE:
    """EASE on histories in which an item counts `decay` ** age, at training and when asked."""

    reg: float = 300.0
    decay: float = 1.0

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> DenseItems:
        """Solve on the aged input."""
        aged = _Aged(data, self.decay)
        return replace(EASE(reg=self.reg).fit(aged, rng=rng), decay=self.decay)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedItemKNN:
    """Item neighbours asked of histories in which an item counts `decay` ** age."""

    n_neighbors: int = 100
    shrinkage: float = 10.0
    decay: float = 1.0

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> SparseItems:
        """Find the neighbours."""
        learner = ItemKNN(n_neighbors=self.n_neighbors, shrinkage=self.shrinkage)
        return replace(learner.fit(data, rng=rng), decay=self.decay)
