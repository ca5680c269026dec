"""Where a policy starts: what past purchases say a feature is worth, before a slate was ever shown."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import lsq_linear

from equipoise.data.catalogue import Catalogue
from equipoise.data.histories import Histories
from equipoise.recommenders.recommender import Batch, Recommender
from equipoise.recommenders.view import Request
from equipoise.types import Bools, Floats

_BLOCK = 64
_HIDDEN = 10
"""Every how many items one is treated as new."""


def fit_prior(
    recommender: Recommender,
    catalogue: Catalogue,
    histories: Histories,
    targets: Histories,
    *,
    now: int,
    typical: float = 0.05,
    k: int = 10,
    reg: float = 0.1,
) -> Floats:
    """Return the weights (d,) of a ridge regression of later purchases on the features of candidates.

    A feature that can only speak for an item is not let speak against it: models agree so closely that
    unbounded weights would set one against the other.

    Some items are hidden from the models meanwhile (as in DropoutNet, Volkovs et al., 2017), so that
    there is something to learn of new arrivals. Histories must end, and models be fitted, before
    `targets` were bought. Purchases are not rewards, so the weights are scaled: the `k` candidates they
    like most earn `typical` on average.
    """
    catalogue = _some_new(catalogue, recommender.trained_until)
    blocks, labels = [], []
    for start in range(0, len(histories), _BLOCK):
        rows = range(start, min(start + _BLOCK, len(histories)))
        batch = recommender.options([Request(history=histories[r], now=now) for r in rows], catalogue)
        blocks.append(batch.options.features.astype(np.float64))
        labels.append(np.where(batch.options.items >= 0, _bought(batch, targets, rows), np.nan))
    weights = _regress(blocks, labels, ~recommender.features.supporting, reg)
    liked = [np.sort(block @ weights, axis=1)[:, -k:].mean(axis=1) for block in blocks]
    return weights * (typical / max(float(np.concatenate(liked).mean()), 1e-9))


def _regress(blocks: Sequence[Floats], labels: Sequence[Floats], free: Bools, reg: float) -> Floats:
    """Return ridge weights, at least 0 but where `free` (d,): penalty `reg` a row, NaN labels left out."""
    rows = [block[~np.isnan(label)] for block, label in zip(blocks, labels, strict=True)]
    features = np.concatenate(rows)
    bought = np.concatenate([label[~np.isnan(label)] for label in labels])
    precision = features.T @ features + reg * max(len(features), 1) * np.eye(features.shape[1])
    root = np.linalg.cholesky(precision)
    response = np.linalg.solve(root, features.T @ bought)
    found = lsq_linear(root.T, response, bounds=(np.where(free, -np.inf, 0.0), np.inf))
    return np.asarray(found.x)


def _some_new(catalogue: Catalogue, trained_until: int) -> Catalogue:
    """Return the catalogue as if every tenth item had arrived after the models were trained."""
    hidden = np.arange(len(catalogue)) % _HIDDEN == _HIDDEN - 1
    return replace(catalogue, arrived=np.where(hidden, trained_until + 1, catalogue.arrived))


def _bought(batch: Batch, targets: Histories, rows: range) -> Floats:
    """Return 1 where a candidate (n, m) is among the targets of its row, 0 elsewhere."""
    hits = [np.isin(items, targets[row]) for items, row in zip(batch.options.items, rows, strict=True)]
    return np.stack(hits).astype(np.float64)
