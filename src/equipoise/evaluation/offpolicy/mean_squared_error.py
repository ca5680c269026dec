"""The mean squared error of an estimator, estimated from the log it is used on (Su et al., 2020)."""

from equipoise.evaluation.offpolicy.estimate import Terms


def squared_error(terms: Terms, unbiased: Terms) -> float:
    """Return variance plus squared bias of `terms`, the bias being the distance to an unbiased estimate.

    `unbiased` are the terms of an estimator without bias on the same rounds.
    """
    n = len(terms.values)
    bias = terms.mean() - unbiased.mean()
    return float(terms.values.var()) / n + bias * bias


def excess_error(terms: Terms, unbiased: Terms) -> float:
    """Return variance plus squared bias of `terms`, less what chance alone makes of the bias.

    The distance of two estimates on the same rounds varies by the variance of their paired difference; for
    choosing among very different estimators that must not count as bias.
    """
    n = len(terms.values)
    bias = terms.mean() - unbiased.mean()
    chance = float((terms.values - unbiased.values).var()) / n
    return float(terms.values.var()) / n + max(bias * bias - chance, 0.0)
