"""Sequential rules (Ludewig & Jannach, 2018, section 3.2: SR with weights that fall with distance)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.item_item import SparseItems
from equipoise.models.neighbours.past_sessions import PastSessions
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import track
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialRules:
    """What comes after an item in a session, up to `steps` places later, counts for the item.

    The rule i -> j has the weight Σ fresh(s) / d over the sessions s with j d places after i, divided by
    Σ fresh(s) over the meetings of i, plus `shrinkage`. fresh halves with every `half_life` of all sessions
    that came after s. An item of a history counts `decay` ** (how many came after it), so that with 0 only
    the newest does.
    """

    steps: int = tunable(10, Whole(1, 20))
    half_life: float = 1.0
    shrinkage: float = tunable(3.0, Between(0.0, 20.0))
    decay: float = 0.0

    def __post_init__(self) -> None:
        if self.steps < 1 or not self.shrinkage >= 0:
            raise BadInputError("sequential_rules", "steps must be at least 1 and shrinkage at least 0")
        if not self.half_life > 0 or not 0 <= self.decay <= 1:
            raise BadInputError("sequential_rules", "half_life must be above 0, and decay from 0 to 1")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> SparseItems:
        """Count; `rng` is not used."""
        past = PastSessions.of(data)
        lengths = np.diff(past.offsets)
        fresh = np.repeat(past.freshness(self.half_life), lengths)
        left = np.repeat(past.offsets[1:], lengths) - 1 - np.arange(len(fresh))
        counts = sparse.csr_matrix((past.n_items, past.n_items))
        for step in track(range(1, self.steps + 1), "sequential_rules"):
            counts = counts + _followers(past, fresh * (left >= step), step) / step
        met = np.bincount(past.items, fresh, past.n_items) + self.shrinkage
        shares = sparse.diags_array(1.0 / np.maximum(met, 1e-9)) @ counts
        return SparseItems(weights=sparse.csr_matrix(shares, dtype=np.float32), decay=self.decay)


def _followers(past: PastSessions, weights: Floats, step: int) -> sparse.csr_matrix:
    """Return the sum of `weights` (total,) by item and the item `step` places later, where above 0."""
    there = np.flatnonzero(weights)
    pair = (past.items[there], past.items[there + step])
    return sparse.csr_matrix((weights[there], pair), shape=(past.n_items, past.n_items))
