"""How good probabilities are: each metric of n rows that count `weights` times, as a bootstrap draws them."""

from collections.abc import Callable, Mapping

import numpy as np

from equipoise.types import Floats

Metric = Callable[[Floats, Floats, Floats], float]
"""From predicted (n,), outcomes (n,) of 0 and 1, and weights (n,)."""
BINS = 15


def accuracy(predicted: Floats, outcomes: Floats, weights: Floats) -> float:
    """Return the share of rows whose outcome is the more likely one."""
    return float(np.average((predicted >= 0.5) == (outcomes > 0.5), weights=weights))


def log_loss(predicted: Floats, outcomes: Floats, weights: Floats) -> float:
    """Return the mean of -log P(outcome), in nats; lower is better."""
    each = -np.log(np.where(outcomes > 0.5, predicted, 1 - predicted))
    return float(np.average(each, weights=weights))


def auc(predicted: Floats, outcomes: Floats, weights: Floats) -> float:
    """Return the chance that a row with the outcome is above one without, equal ones counting half.

    (Hanley & McNeil, 1982.) NaN where all outcomes are alike.
    """
    order = np.argsort(predicted, kind="stable")
    _, starts = np.unique(predicted[order], return_index=True)
    hits, misses = (
        np.add.reduceat((weights * which)[order], starts) for which in (outcomes > 0.5, outcomes <= 0.5)
    )
    pairs = hits.sum() * misses.sum()
    below = np.cumsum(misses) - misses / 2
    return float((hits * below).sum() / pairs) if pairs > 0 else float("nan")


def calibration_error(predicted: Floats, outcomes: Floats, weights: Floats) -> float:
    """Return the mean distance of predicted and observed rate, over 15 bins of as many rows (Naeini et al.,
    2015).

    Lower is better; even a perfect forecast has some, by chance. Equal predictions share a bin.
    """
    ranks = np.searchsorted(np.sort(predicted), predicted)
    bins = ranks * BINS // max(len(predicted), 1)
    gaps = np.bincount(bins, weights * (predicted - outcomes), BINS)
    return float(np.abs(gaps).sum() / weights.sum())


METRICS: Mapping[str, Metric] = {
    "auc": auc,
    "log_loss": log_loss,
    "accuracy": accuracy,
    "ece": calibration_error,
}
LOWER_IS_BETTER = frozenset({"log_loss", "ece"})
