"""What items are made of, as further rows to learn from (Jeunen et al., 2020, "Closed-Form Models ...").

Their CEASE: a tag is one more user, who met every item that bears it.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from equipoise.errors import BadInputError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Content:
    """`tags` (n_items, n_tags) CSR, how much each tag says of each item; `weight` of the rows they make.

    Brands, categories, or words of a title. Rows of length 1 make `weight` easy to read: two items that
    agree in everything count as if `weight` more users had met both. Sparse models hold every pair of items
    that share a tag, so a tag that most items bear costs much and says little.
    """

    tags: sparse.csr_matrix
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise BadInputError("content", f"weight must be at least 0, is {self.weight}")
        if not np.isfinite(self.tags.data).all():
            raise BadInputError("content", "tags hold NaN or infinity; leave such tags out")

    @classmethod
    def by_rarity(
        cls, tags: sparse.csr_matrix, *, weight: float = 1.0, power: float = 2.0, common: float = 0.05
    ) -> Self:
        """Return `tags` times log(n_items / items that bear the tag) ** `power`, in rows of length 1.

        A tag that more than the share `common` of the items bear, or one item alone, is left out.
        """
        n_items, n_tags = tags.shape
        bearing = np.bincount(tags.indices, minlength=n_tags)
        kept = (bearing > 1) & (bearing <= common * n_items)
        rare = np.log(n_items / np.maximum(bearing, 1)) ** power * kept
        weighed = sparse.csr_matrix(tags @ sparse.diags(rare))
        weighed.eliminate_zeros()
        length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        unit = sparse.diags(1 / np.where(length > 0, length, 1.0)) @ weighed
        return cls(tags=sparse.csr_matrix(unit, dtype=np.float32), weight=weight)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Content) or self.tags.shape != other.tags.shape:
            return False
        return self.weight == other.weight and (self.tags != other.tags).nnz == 0

    def __hash__(self) -> int:
        return hash((self.tags.shape, self.tags.nnz, self.weight))

    def rows(self, n_items: int) -> sparse.csr_matrix:
        """Return one row a tag, (n_tags, n_items), so that rowsᵀ rows is what it adds to a Gram matrix."""
        if self.tags.shape[0] != n_items:
            raise BadInputError(
                "content", f"has {self.tags.shape[0]} items, the interactions {n_items}; give one row an item"
            )
        return (self.tags.T * np.float32(np.sqrt(self.weight))).tocsr().astype(np.float32)
