"""Why an item is recommended: the items of the history that brought it."""

import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.data.histories import PADDING, Histories
from equipoise.models.fusion.blend import BlendScorer
from equipoise.types import Ints


def causes(scorer: BlendScorer, history: Ints, items: Ints, catalogue: Catalogue, k: int) -> Ints:
    """Return for each of `items` (m,) up to `k` items of `history`, the strongest first, -1 for none, (m, k).

    Those that raised its score in the blend most; for an item that the models do not know, those whose
    words are nearest.
    """
    alike = Histories(np.tile(history, len(items)), np.arange(len(items) + 1) * len(history))
    found = scorer.because(alike, items, k).items
    for row in np.flatnonzero(items >= scorer.n_items):
        found[row] = _by_words(history, int(items[row]), catalogue, k)
    return found


def _by_words(history: Ints, item: int, catalogue: Catalogue, k: int) -> Ints:
    known = np.unique(history[(history >= 0) & (history < len(catalogue))])
    likeness = (catalogue.content[known] @ catalogue.content[item].T).toarray().ravel()
    order = np.argsort(-likeness, kind="stable")[:k]
    nearest = known[order[likeness[order] > 0]]
    return np.pad(nearest, (0, k - len(nearest)), constant_values=PADDING)
