"""Which items are most alike by the direction of their vectors."""

import numpy as np

from equipoise.models.dense import blocks, joined
from equipoise.models.learner import TopK
from equipoise.types import Floats, Ints


def nearest(unit: Floats, items: Ints, k: int) -> TopK:
    """Return the `k` items whose rows of `unit` (n_items, d) are nearest to those of `items` (m,), by cosine.

    The rows have length 1. Never the item itself, and nothing for codes out of range. All items by all items
    are never held at once.
    """
    parts = blocks(len(items), len(unit))
    return joined([TopK.of(_cosines(unit, items[start:stop]), k) for start, stop in parts], k)


def unit_rows(rows: Floats) -> Floats:
    """Return `rows` (n, d), each of length 1, or of zeros where it is 0."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-9)))


def _cosines(unit: Floats, items: Ints) -> Floats:
    """Return the cosine of each of `items` with every item, -inf for itself and for codes out of range."""
    inside = (items >= 0) & (items < len(unit))
    cosines = np.full((len(items), len(unit)), -np.inf, np.float32)
    cosines[inside] = unit[items[inside]] @ unit.T
    cosines[np.flatnonzero(inside), items[inside]] = -np.inf
    return cosines
