"""Scores of different models on one scale."""

import numpy as np

from equipoise.types import Floats


def standardised(scores: Floats) -> Floats:
    """Return `scores` (..., n_items) with mean 0 and deviation 1 in each row; rows of equal scores are 0."""
    centred = scores - scores.mean(axis=-1, keepdims=True)
    return np.asarray(centred / _spread(centred))


def deviations(scores: Floats) -> Floats:
    """Return the deviation of each row of `scores` (..., n_items), (..., 1); infinity where all are equal."""
    return _spread(scores - scores.mean(axis=-1, keepdims=True))


def _spread(centred: Floats) -> Floats:
    deviation = np.sqrt(np.mean(centred * centred, axis=-1, keepdims=True))
    return np.where(deviation > 1e-9, deviation, np.float32(np.inf))
