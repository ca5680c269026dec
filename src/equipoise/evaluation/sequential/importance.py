"""Importance sampling step by step (Precup, Sutton and Singh, 2000): plain and weighted."""

import numpy as np

from equipoise.evaluation.sequential.episodes import Episodes
from equipoise.evaluation.sequential.value import Value, effective, of_terms


def per_decision(episodes: Episodes) -> Value:
    """Return the mean of sum_t discount^t rho_1..t r_t: unbiased, and of a variance that grows with t."""
    weights = episodes.cumulative()
    terms = (weights * episodes.rewards) @ episodes.discounts
    return of_terms(terms, effective(weights[:, -1]))


def weighted_per_decision(episodes: Episodes) -> Value:
    """Return the same with the weights of each step divided by their mean: a little biased, far steadier.

    The interval takes the mean weights as known.
    """
    weights = episodes.cumulative()
    usual = weights.mean(axis=0)
    terms = (weights / np.where(usual > 0.0, usual, 1.0) * episodes.rewards) @ episodes.discounts
    return of_terms(terms, effective(weights[:, -1]))
