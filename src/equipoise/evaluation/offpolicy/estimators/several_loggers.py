"""A log by several policies: each its own weights, those of their mixture, or steady ones counting more.

Agarwal, Basu, Schnabel and Joachims, 2017, "Effective evaluation using logged bandit feedback from multiple
loggers"; the balance heuristic is Veach and Guibas's (1995). With naive weights they are plain IPS and DR.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, corrected, largest, weighted
from equipoise.evaluation.offpolicy.weighed import Weighed, effective
from equipoise.types import Floats, Ints


def mixture_weights(rounds: Weighed) -> Floats:
    """Return the target's chance over that of the mixture of loggers, (n,)."""
    if rounds.mixture is None:
        raise BadInputError("mixture", "the chance of each action under the average logger is not in the log")
    return rounds.chances / rounds.mixture


def steadiness(values: Floats, loggers: Ints | None) -> Floats:
    """Return how much each of `values` (n,) counts, by the inverse variance of its logger; 1 on average."""
    if loggers is None:
        raise BadInputError("loggers", "the log does not say which policy decided in which round")
    codes, strata, sizes = np.unique(loggers, return_inverse=True, return_counts=True)
    variances = np.array([values[strata == stratum].var() for stratum in range(len(codes))])
    if (variances == 0.0).any():
        raise BadInputError("loggers", "all terms of a logger are alike; weigh by the mixture instead")
    shares: Floats = len(values) / (variances * (sizes / variances).sum())
    return shares[strata]


@dataclass(frozen=True, kw_only=True)
class BalancedLoggersIPS(OfRounds):
    """IPS against the mixture of all loggers: never worse than IPS against each, and unbiased."""

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        weights = mixture_weights(rounds)
        return weighted(rounds, weights, largest(weights))

    def ess(self, rounds: Weighed) -> float:
        """Return the effective sample size of the mixture's weights."""
        return effective(mixture_weights(rounds))


@dataclass(frozen=True, kw_only=True)
class BalancedLoggersDR(OfRounds):
    """Doubly robust against the mixture of all loggers."""

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        weights = mixture_weights(rounds)
        return corrected(rounds, weights, largest(weights))

    def ess(self, rounds: Weighed) -> float:
        """Return the effective sample size of the mixture's weights."""
        return effective(mixture_weights(rounds))


@dataclass(frozen=True, kw_only=True)
class WeightedLoggersIPS(OfRounds):
    """IPS of each logger's rounds, averaged by the inverse of their variance."""

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        values = rounds.weights * rounds.rewards
        return Terms(values=values * steadiness(values, rounds.loggers))


@dataclass(frozen=True, kw_only=True)
class WeightedLoggersDR(OfRounds):
    """Doubly robust, the corrections of each logger's rounds averaged by the inverse of their variance."""

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        predicted, expected = rounds.model()
        corrections = rounds.weights * (rounds.rewards - predicted)
        steady = steadiness(expected + corrections, rounds.loggers)
        return Terms(values=expected + steady * corrections)
