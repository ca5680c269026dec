"""Shoppers who walk around a ring of items: popularity knows nothing, the order tells everything."""

from typing import Any

import numpy as np
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models.learner import Scorer
from equipoise.random import derive

SETTINGS: dict[str, Any] = {
    "embedding_size": 16,
    "length": 8,
    "dropout": 0.1,
    "epochs": 12,
    "batch_items": 128,
    "learning_rate": 2e-2,
    "averaging": 0.9,
    "n_negatives": 16,
    "validation_users": 20,
}
"""Settings with which a net learns a ring in a second."""
ASKED = Histories.of([[(start + step) % 20 for step in range(4)] for start in range(20)])


def ring(n_users: int, n_items: int, length: int) -> Interactions:
    """Each user walks around a ring of items from a place of their own: the next item is known."""
    starts = derive(4).integers(0, n_items, n_users)
    return orders([((start + np.arange(length)) % n_items).tolist() for start in starts], n_items)


def right(scorer: Scorer) -> float:
    """Return how often the best item for `ASKED` is the next one of a ring of 20."""
    found = scorer.top(ASKED, 1).items.ravel()
    return float((found == (np.arange(20) + 4) % 20).mean())
