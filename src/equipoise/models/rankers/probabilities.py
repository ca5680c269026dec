"""Probabilities and logits, kept off 0 and 1, where a logarithm has no value."""

import numpy as np

from equipoise.types import Floats

EDGE = 1e-6
"""No prediction is nearer than this to 0 or 1."""


def inside(probabilities: Floats) -> Floats:
    """Return `probabilities` float64, moved to within `EDGE` of 0 and 1."""
    return np.clip(probabilities.astype(np.float64), EDGE, 1 - EDGE)


def logit(probabilities: Floats) -> Floats:
    """Return log p / (1 - p)."""
    kept = inside(probabilities)
    return np.asarray(np.log(kept / (1 - kept)))


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (np.tanh(0.5 * logits) + 1))


def prior_logits(targets: Floats) -> Floats:
    """Return the logit of the mean of each target, as if half a row of each outcome had come first,
    (targets,).
    """
    return logit((targets.sum(axis=0, dtype=np.float64) + 0.5) / (len(targets) + 1))
