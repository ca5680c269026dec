"""What the words of items tell: how like a history they are, and what the models would say of new ones."""

import numpy as np
from scipy import sparse

from equipoise.kernels import kernel
from equipoise.types import Bools, Floats, Ints

_PULL = 1.0
"""How many identical items a borrowed score is pulled to 0 by."""


def affinity(content: sparse.csr_matrix, items: Ints) -> Floats:
    """Return the cosine of every item's content with the mean content of `items`, (n,) float32, in [0, 1].

    `content` (n, terms) has rows of unit length; codes outside it are left out.
    """
    told, words = np.zeros(content.shape[0], np.float32), np.zeros(content.shape[1], np.float32)
    known = items[(items >= 0) & (items < len(told))]
    _compare(content.indptr, content.indices, content.data, known, words, told)
    return told


@kernel
def _compare(starts: Ints, terms: Ints, values: Floats, items: Ints, words: Floats, told: Floats) -> None:
    """Fill `words` with the sum of the rows of `items`, and `told` with the cosine of every row with it."""
    for item in items:
        for entry in range(starts[item], starts[item + 1]):
            words[terms[entry]] += values[entry]
    length = np.sqrt((words * words).sum())
    if length > 0.0:
        words /= length
        for row in range(len(told)):
            for entry in range(starts[row], starts[row + 1]):
                told[row] += values[entry] * words[terms[entry]]


def through_words(parts: Floats, new: Bools, content: sparse.csr_matrix) -> Floats:
    """Return scores (p, n) of the whole catalogue from `parts` (p, n_items) of what the models know.

    An item that is `new` (n,) has the mean score of the others, weighted by the cosine of their content
    (Nadaraya, 1964; Watson, 1964), pulled to 0 where few share its words.
    """
    scores = np.zeros((len(parts), len(new)), np.float32)
    scores[:, : parts.shape[1]] = parts
    if new.any():
        scores[:, new] = 0.0
        others = content.T @ np.vstack((scores, ~new)).T
        found = content[np.flatnonzero(new)] @ others
        scores[:, new] = (found[:, :-1] / (found[:, -1:] + _PULL)).T
    return scores
