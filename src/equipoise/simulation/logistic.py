"""Logistic regression of a few numbers by Newton's method, and the curve it fits."""

import numpy as np

from equipoise.types import Floats


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + exp(-logits))."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60))))


def fit_logistic(features: Floats, labels: Floats, *, reg: float = 1e-3, iterations: int = 25) -> Floats:
    """Return the intercept and the coefficients (1 + d,) of `labels` (n,) on `features` (n, d)."""
    design = np.column_stack((np.ones(len(features)), features))
    beta = np.zeros(design.shape[1])
    ridge = reg * np.eye(len(beta))
    for _ in range(iterations):
        p = sigmoid(design @ beta)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + ridge
        beta = beta + np.linalg.solve(hessian, design.T @ (labels - p) - ridge @ beta)
    return beta
