"""The rows that linear models learn from: what each user met, and what their items are made of."""

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.models.linear.content import content_rows
from equipoise.types import Floats


def rows(
    data: Interactions,
    *,
    decay: float,
    weighted: bool = False,
    content: ItemContent | None = None,
    content_weight: float = 1.0,
) -> sparse.csr_matrix:
    """Return the (n, n_items) CSR matrix of one row a user, aged by `decay`, and one a tag of `content`.

    `weighted` multiplies what an item counts by the largest weight of its interactions with the user.
    """
    users = data.matrix(decay)
    if weighted:
        users.data *= _largest_weights(data)
    return users if content is None else with_content(users, content, content_weight)


def with_content(users: sparse.csr_matrix, content: ItemContent, weight: float) -> sparse.csr_matrix:
    """Return the rows of `users` (n, n_items) and one more a tag."""
    return sparse.vstack([users, content_rows(content, weight, users.shape[1])], format="csr")


def _largest_weights(data: Interactions) -> Floats:
    """Return the largest weight of each (user, item) that met, in the order of the CSR matrix."""
    order = np.lexsort((data.weights, data.items, data.users))
    users, items = data.users[order], data.items[order]
    last = np.ones(len(order), np.bool_)
    last[:-1] = (np.diff(users) != 0) | (np.diff(items) != 0)
    return data.weights[order][last].astype(np.float32)
