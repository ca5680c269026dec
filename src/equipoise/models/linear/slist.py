"""Linear models of what comes next (Choi et al., 2021, "Session-aware Linear Item-Item Models").

Their SLIST: a history is cut after each item, and what came before predicts what came after. Solved for
every pair of items in closed form, or for each item on its nearest alone.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models.item_item import DenseItems, SparseItems
from equipoise.models.linear.cuts import cuts
from equipoise.models.linear.descent import Descent
from equipoise.models.linear.rows import rows, with_content
from equipoise.models.linear.solve import BLOCK, gram, invert
from equipoise.models.space import Between, tunable
from equipoise.progress import report
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SLIST:
    """Ridge regression of the items after each cut of a history on the items before it.

    An item before the cut counts `decay` ** age, in fitting and in scoring, and one after it
    `target_decay` ** (places after the next); 0 asks for the next item alone. Each side reaches as far as
    `window` items. `consistency` is the share, from 0 to 1, of rows that predict a whole history from
    itself, as EASE does. With `repeats` an item may predict itself; without, its own weight is held at 0.
    Each item is regressed on `n_neighbors` others, or on all of them if that is None. `content` is as in
    `EASE`.
    """

    reg: float = tunable(60.0, Between(1.0, 1000.0, log=True))
    decay: float = tunable(0.8, Between(0.3, 1.0))
    target_decay: float = tunable(0.3, Between(0.05, 1.0))
    window: int = 50
    consistency: float = tunable(0.4, Between(0.0, 1.0))
    n_neighbors: int | None = 200
    repeats: bool = False
    content: ItemContent | None = None
    content_weight: float = tunable(1.0, Between(0.1, 10.0, log=True))

    def __post_init__(self) -> None:
        if not self.reg > 0:
            raise BadInputError("reg", f"must be above 0, is {self.reg}")
        if not 0 < self.decay <= 1 or not 0 <= self.target_decay <= 1:
            raise BadInputError("decay", "decay must be above 0, target_decay at least 0, both at most 1")
        if self.window < 1:
            raise BadInputError("window", f"must be at least 1, is {self.window}")
        if not 0 <= self.consistency <= 1:
            raise BadInputError("consistency", f"must be from 0 to 1, is {self.consistency}")
        if self.n_neighbors is not None and self.n_neighbors < 1:
            raise BadInputError("n_neighbors", f"must be at least 1, or None for all, is {self.n_neighbors}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> DenseItems | SparseItems:
        """Solve. `rng` is not used.

        On all items: n³ flops and the memory of one (n, n) float32 matrix for n items. On neighbours: the
        memory of the pairs of items met within `window`.
        """
        before, after = self.sides(data)
        joint = sparse.csr_matrix(before.T @ after)
        if self.n_neighbors is not None:
            descent = Descent(l1=0.0, l2=self.reg, n_neighbors=self.n_neighbors, own=self.repeats)
            weights = descent.solve(sparse.csr_matrix(before.T @ before), joint, "slist")
            return SparseItems(weights=weights, decay=self.decay)
        report("slist", 0, 2)
        inverse = invert(gram(before), np.full(data.n_items, self.reg))
        report("slist", 1, 2)
        full = regress(inverse, joint, repeats=self.repeats)
        report("slist", 2, 2)
        return DenseItems(weights=full, decay=self.decay)

    def sides(self, data: Interactions) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Return the rows to predict from and the rows to predict, both (n, n_items) CSR."""
        befores, afters = cuts(data.histories(), self.window, self.window if self.target_decay > 0 else 1)
        share = np.float32(np.sqrt(1 - self.consistency))
        before = befores.matrix(data.n_items, self.decay) * share
        after = afters.matrix(data.n_items, self.target_decay) * share
        if self.consistency > 0:
            whole = rows(data, decay=self.decay) * np.float32(np.sqrt(self.consistency))
            before, after = (sparse.vstack([side, whole], format="csr") for side in (before, after))
        if self.content is not None:
            before, after = (
                with_content(side, self.content, self.content_weight) for side in (before, after)
            )
        return before, after


def regress(inverse: Floats, joint: sparse.csr_matrix, *, repeats: bool) -> Floats:
    """Overwrite `inverse`, P (n, n), with the weights P C - P diag(m), where C is `joint` (n, n).

    m makes the diagonal 0, or is 0 with `repeats`. A block of rows of the answer
    needs the same rows of P alone.
    """
    shift = np.zeros(len(inverse), np.float32) if repeats else _shift(inverse, joint)
    transposed = joint.T.tocsr()
    for start in range(0, len(inverse), BLOCK):
        block = inverse[start : start + BLOCK]
        block[:] = (transposed @ block.T).T - block * shift
    if not repeats:
        np.fill_diagonal(inverse, 0.0)
    return inverse


def _shift(inverse: Floats, joint: sparse.csr_matrix) -> Floats:
    """Return (P C)_jj / P_jj, (n,)."""
    entries = joint.tocoo()
    own = np.bincount(entries.col, inverse[entries.col, entries.row] * entries.data, len(inverse))
    return (own / inverse.diagonal()).astype(np.float32)
