"""What items are made of, as further rows to learn from (Jeunen et al., 2020, "Closed-Form Models ...").

Their CEASE: a tag is one more user, who met every item that bears it.
"""

import numpy as np
from scipy import sparse

from equipoise.data.item_content import ItemContent

RARITY = 2.0
"""A tag counts log(n_items / items that bear it) to this power."""
MOST = 1_000
"""A tag that more items bear is left out: it says little, and sparse models hold every pair of its items."""


def content_rows(content: ItemContent, weight: float, n_items: int) -> sparse.csr_matrix:
    """Return one row a term of `content`, (n_terms, n_items): rowsᵀ rows is what it adds to a Gram matrix.

    The terms of an item make a vector of length sqrt(`weight`): two items that agree in everything count as
    if `weight` more users had met both. A term that one item alone bears is left out.
    """
    tags = content.checked(n_items)
    bearing = np.bincount(tags.indices, minlength=tags.shape[1])
    kept = (bearing > 1) & (bearing <= MOST)
    rare = np.log(n_items / np.maximum(bearing, 1)) ** RARITY * kept
    borne = sparse.csr_matrix((np.ones(tags.nnz), tags.indices, tags.indptr), shape=tags.shape)
    weighed = sparse.csr_matrix(borne @ sparse.diags(rare))
    weighed.eliminate_zeros()
    length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    unit = sparse.diags(np.sqrt(weight) / np.where(length > 0, length, 1.0)) @ weighed
    return sparse.csr_matrix(unit.T, dtype=np.float32)
