"""What sells most among items of the kind a shopper looks at (a mixture over tags, as in Hofmann, 1999).

P(i | history) = s * sum_t P(t | last items) P(i | t) + (1 - s) * P(i): t a tag (a category, a brand, a
cluster), P(t | last items) its share in what is said of them, P(i | t) the item's share of what was met
under the tag. The score is the logarithm.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.types import Floats

_PRIOR = 0.01
"""Interactions that an item nobody met is taken to have: among those of its tag it still comes last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPopularity:
    """Popularity within the tags of the `last` items of a history, a `share` of it, and overall the rest.

    `content` says which tags an item has; segments known beforehand are one tag an item,
    `ItemContent.of_tags([[segment] for segment in segments])`. Without it all is overall popularity. An
    interaction counts half as much after `half_life_days`; infinity counts all alike.
    """

    content: ItemContent | None = None
    last: int = 5
    share: float = 0.9
    half_life_days: float = 30.0

    def __post_init__(self) -> None:
        if self.last < 1 or not 0 <= self.share <= 1 or not self.half_life_days > 0:
            raise BadInputError(
                "segment_popularity", "last must be at least 1, share in [0, 1] and half_life_days above 0"
            )

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "SegmentPopularityScorer":
        """Count; `rng` is not used."""
        content = self.content or ItemContent.of_tags([()] * data.n_items)
        if content.matrix.data.min(initial=0.0) < 0:
            raise BadInputError("content", "has negative numbers; segment_popularity needs tags or words")
        tags = _shares(content.checked(data.n_items))
        counts = (
            np.bincount(data.items, data.weights * data.recency(self.half_life_days), data.n_items) + _PRIOR
        )
        within = sparse.diags(counts) @ tags
        totals = np.asarray(within.sum(axis=0)).ravel()
        return SegmentPopularityScorer(
            tags=tags,
            within=(within @ sparse.diags(1 / totals)).T.tocsr().astype(np.float32),
            overall=(counts / max(float(counts.sum()), _PRIOR)).astype(np.float32),
            last=self.last,
            share=self.share,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPopularityScorer(DenseScorer):
    """`tags` (n_items, t) P(t | i), `within` (t, n_items) P(i | t), `overall` (n_items,) P(i)."""

    tags: sparse.csr_matrix
    within: sparse.csr_matrix
    overall: Floats
    last: int
    share: float

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.overall)

    def score(self, histories: Histories) -> Floats:
        """Return the logarithm of the mixture, (n, n_items)."""
        recent = Histories.of([history[-self.last :] for history in histories.known(self.n_items)])
        interest = _shares(recent.matrix(self.n_items) @ self.tags)
        described = np.diff(interest.indptr)[:, None] > 0
        share = np.where(described, np.float32(self.share), np.float32(0))
        mixed = share * (interest @ self.within).toarray() + (1 - share) * self.overall
        return np.asarray(np.log(np.maximum(mixed, np.float32(1e-30))), np.float32)


def _shares(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return `matrix` (n, t), at least 0, with the sum of each row 1, or 0 where it is empty."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    sums = np.bincount(rows, matrix.data, matrix.shape[0])
    scaled = matrix.copy()
    scaled.data = (matrix.data / np.maximum(sums, 1e-12)[rows]).astype(np.float32)
    return scaled
