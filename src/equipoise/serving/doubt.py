"""Which items a policy knows least about, and would do best to know."""

import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.types import Floats, Ints

_ALIKE = 0.01
"""Doubts are alike if they differ by less than about this share of the largest."""


def least_known(deviations: Floats, considered: Ints, catalogue: Catalogue, k: int) -> Ints:
    """Return up to `k` available items, the least certain by `deviations` (n,) first.

    Whatever was never shown is in the same doubt. Of such items those come first that were most often
    `considered` (n,), as they could be shown and are not, and then those that arrived last.
    """
    steps = np.round(deviations / max(_ALIKE * float(deviations.max(initial=0.0)), 1e-300))
    order = np.lexsort((-catalogue.arrived, -considered, -steps))
    return np.asarray(order[catalogue.available[order]][:k])
