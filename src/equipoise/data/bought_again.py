"""How often what was bought is bought again: a sign of what pleases, which a first click is not."""

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.types import Floats

BUYERS = 5.0
"""How many usual buyers an item starts from."""


def bought_again(orders: Interactions) -> Floats:
    """Return the share of an item's buyers who bought it more than once, shrunk to the usual, (n_items,)."""
    pairs, times = np.unique(orders.users * orders.n_items + orders.items, return_counts=True)
    items = pairs % orders.n_items
    buyers = np.bincount(items, minlength=orders.n_items)
    again = np.bincount(items, times > 1, minlength=orders.n_items)
    usual = again.sum() / max(buyers.sum(), 1)
    return np.asarray((again + BUYERS * usual) / (buyers + BUYERS))
