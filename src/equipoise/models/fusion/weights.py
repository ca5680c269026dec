"""How much each model of a blend counts: a conditional logit over the items (McFadden, 1974).

The chance that a user meets item i next is taken as softmax(sum_m w_m z_m)_i over the items the user
had not met, z_m the standardised scores of model m; the weights w >= 0 make what users did meet most
likely. The problem is concave, so the answer is the same however it is started.
"""

import numpy as np
from scipy.optimize import minimize

from equipoise.data.split import HeldOut
from equipoise.types import Bools, Floats


def standardised(scores: Floats) -> Floats:
    """Return `scores` (n, n_items) with mean 0 and deviation 1 in each row; rows of equal scores are 0."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    return np.asarray(centred / _spread(centred))


def deviations(scores: Floats) -> Floats:
    """Return the deviation of each row of `scores` (n, n_items), (n, 1); infinity where they are equal."""
    return _spread(scores - scores.mean(axis=1, keepdims=True))


def _spread(centred: Floats) -> Floats:
    deviation = np.sqrt(np.mean(centred * centred, axis=1, keepdims=True))
    return np.where(deviation > 1e-9, deviation, np.float32(np.inf))


def fit_weights(parts: Floats, asked: HeldOut) -> Floats:
    """Return the weights (p,), summing to 1, of standardised `parts` (n, n_items, p) that suit `asked`."""
    n_items, p = parts.shape[1:]
    if len(asked) == 0 or p == 1:
        return np.full(p, 1 / p)
    met = asked.histories.matrix(n_items).toarray() > 0
    wanted = asked.targets.matrix(n_items).toarray()
    wanted /= np.maximum(wanted.sum(axis=1, keepdims=True), 1)
    start = np.full(p, 1 / p)
    found = minimize(_loss, start, (parts, wanted, met), jac=True, bounds=[(0, None)] * p, method="L-BFGS-B")
    total = found.x.sum()
    return np.asarray(found.x / total) if total > 0 else start


def _loss(weights: Floats, parts: Floats, wanted: Floats, met: Bools) -> tuple[float, Floats]:
    """Return the mean of -log P(targets), and its gradient (p,)."""
    logits = np.where(met, -np.inf, parts @ weights.astype(np.float32))
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances = raised / raised.sum(axis=1, keepdims=True)
    loss = -np.sum(wanted * np.log(np.maximum(chances, 1e-30))) / len(parts)
    gradient = np.einsum("ni,nip->p", chances - wanted, parts) / len(parts)
    return float(loss), gradient.astype(np.float64)
