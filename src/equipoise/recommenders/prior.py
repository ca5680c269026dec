"""Where a policy starts: what past purchases say a feature is worth, before a slate was ever shown."""

import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.data.histories import Histories
from equipoise.recommenders.recommender import Batch, Recommender
from equipoise.recommenders.view import Request
from equipoise.types import Floats

_BLOCK = 64


def fit_prior(
    recommender: Recommender,
    catalogue: Catalogue,
    histories: Histories,
    targets: Histories,
    *,
    now: int,
    typical: float = 0.1,
    k: int = 10,
    reg: float = 10.0,
) -> Floats:
    """Return the weights (d,) of a ridge regression of later purchases on the features of candidates.

    Histories must end, and models be fitted, before `targets` were bought. Purchases are not
    rewards, so the weights are scaled: the `k` candidates they like most earn `typical` on average.
    """
    d = len(recommender.features)
    precision, response = reg * np.eye(d), np.zeros(d)
    blocks = []
    for start in range(0, len(histories), _BLOCK):
        rows = range(start, min(start + _BLOCK, len(histories)))
        batch = recommender.options([Request(history=histories[r], now=now) for r in rows], catalogue)
        real = batch.options.items >= 0
        features = batch.options.features[real].astype(np.float64)
        precision += features.T @ features
        response += features.T @ _bought(batch, targets, rows)[real]
        blocks.append(batch.options.features)
    weights = np.linalg.solve(precision, response)
    liked = [np.sort(block @ weights, axis=1)[:, -k:].mean(axis=1) for block in blocks]
    return weights * (typical / max(float(np.concatenate(liked).mean()), 1e-9))


def _bought(batch: Batch, targets: Histories, rows: range) -> Floats:
    """Return 1 where a candidate (n, m) is among the targets of its row, 0 elsewhere."""
    hits = [np.isin(items, targets[row]) for items, row in zip(batch.options.items, rows, strict=True)]
    return np.stack(hits).astype(np.float64)
