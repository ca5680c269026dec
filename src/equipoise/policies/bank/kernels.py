"""The loops of a bank of state-space models: one step an observation, for every model.

An outcome y of utility u = w . x + b[item] is either a Bernoulli draw with chance e sigma(u), e being how
likely the position is looked at, or Gaussian about u. Along u, the only direction in which an observation
speaks, the posterior is a Gaussian with the mean and variance of the true one (assumed density filtering:
Opper, 1998), and the change is spread over weights and item term by their covariances. Between
observations weights take a random walk, and item terms revert to their prior (Ornstein and Uhlenbeck, 1930).
"""

from math import exp, log, sqrt

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from equipoise.kernels import kernel
from equipoise.types import Bools, Floats, Ints

PROBIT = np.pi / 8.0
"""E sigma(u) is close to sigma(mean / sqrt(1 + PROBIT variance)) (MacKay, 1992)."""
NODES, MASS = hermegauss(9)
MASS = MASS / MASS.sum()
"""Of Gauss-Hermite quadrature: means over a standard normal number."""
_TINY = 1e-9


@kernel
def chance(utility: float) -> float:
    """Return the logistic function, away from 0 and 1."""
    return min(max(1.0 / (1.0 + exp(-min(max(utility, -40.0), 40.0))), _TINY), 1.0 - _TINY)


@kernel
def bernoulli_posterior(
    mean: float, variance: float, outcome: float, looked: float
) -> tuple[float, float, float]:
    """Return the chance given to a success, and the shift and the shrink of the utility by `outcome`.

    The mean moves by variance * shift, and the variance falls by variance^2 * shrink, to the moments of
    prior times likelihood. The variance never grows.
    """
    root, total, first, second = sqrt(variance), 0.0, 0.0, 0.0
    for place in range(len(NODES)):
        p = looked * chance(mean + root * NODES[place])
        weight = MASS[place] * (p if outcome > 0.0 else 1.0 - p)
        total += weight
        first += weight * NODES[place]
        second += weight * NODES[place] * NODES[place]
    first /= total
    rest = second / total - first * first
    given = min(max(total if outcome > 0.0 else 1.0 - total, 1e-6), 1.0 - 1e-6)
    return given, first / max(root, _TINY), max(1.0 - rest, 0.0) / max(variance, _TINY)


@kernel
def gaussian_evidence(mean: float, variance: float, outcome: float) -> float:
    """Return the logarithm of the density that was given to the outcome."""
    gap = outcome - mean
    return -0.5 * (log(2.0 * np.pi * variance) + gap * gap / variance)


@kernel
def revert(
    means: Floats, variances: Floats, model: int, item: int, rate: float, spread: float, steps: float
) -> None:
    """Let the term of `item` drift for `steps` observations towards N(0, spread)."""
    if rate > 0.0 and steps > 0.0:
        kept = exp(-0.5 * rate * steps / spread)
        means[model, item] *= kept
        variances[model, item] = kept * kept * variances[model, item] + (1.0 - kept * kept) * spread


@kernel
def recall(
    kept: Ints,
    rates: Floats,
    spreads: Floats,
    item_means: Floats,
    item_variances: Floats,
    last: Ints,
    clock: int,
    items: Ints,
    means: Floats,
    variances: Floats,
) -> None:
    """Fill `means` and `variances` (j, n) with the terms of `items` (n,) by now, of the j models `kept`.

    An item never observed, -1 among them, has the prior.
    """
    for place in range(len(kept)):
        model = kept[place]
        rate, spread = rates[model], spreads[model]
        for row in range(len(items)):
            item = items[row]
            if 0 <= item < len(last):
                means[place, row] = item_means[model, item]
                variances[place, row] = item_variances[model, item]
                revert(means, variances, place, row, rate, spread, float(max(clock - last[item], 0)))
            else:
                means[place, row], variances[place, row] = 0.0, spread


@kernel
def project(covariance: Floats, features: Floats, projected: Floats, weights: Floats) -> tuple[float, float]:
    """Fill `projected` (d,) with covariance . features; return their mean and variance by `weights` (d,).

    Of `covariance`, the last d rows and columns count. It is symmetric and taken row by row: so the
    innermost loop has no sum, and runs on several lanes at once.
    """
    d = len(features)
    begin = len(covariance) - d
    projected[:] = 0.0
    for c in range(d):
        row, factor = covariance[begin + c, begin:], features[c]
        for a in range(d):
            projected[a] += row[a] * factor
    mean, variance = 0.0, 0.0
    for a in range(d):
        mean += weights[a] * features[a]
        variance += projected[a] * features[a]
    return mean, variance


@kernel
def shrunk(covariance: Floats, projected: Floats, by: float) -> None:
    """Take `by` times the square of `projected` (d,) off the last d rows and columns of `covariance`."""
    d = len(projected)
    begin = len(covariance) - d
    for a in range(d):
        row, factor = covariance[begin + a, begin:], projected[a]
        for c in range(d):
            row[c] -= factor * projected[c] * by


@kernel
def learn(
    rates: Floats,
    spreads: Floats,
    begins: Ints,
    walk: Floats,
    weights: Floats,
    covariances: Floats,
    item_means: Floats,
    item_variances: Floats,
    last: Ints,
    evidence: Floats,
    memory: float,
    clock: int,
    noise: float,
    features: Floats,
    items: Ints,
    outcomes: Floats,
    looked: Floats,
    first: Bools,
    odds: Floats,
) -> int:
    """Let every model see every row, in order and in place; return the clock after them.

    `noise` > 0 is the variance of a Gaussian outcome, 0 stands for Bernoulli ones, of which `odds` (n, j) is
    filled with the logarithm of the odds that each model gave to a success. A row that is not the
    `first` of its impression brings a late success, which is seen as one more impression, but does not
    pass time, and is no evidence here (see `pending`). The failure seen before stays: of chances p the odds
    p / (1 - p) become p, which for rare successes is nearly the same, and in the same order (Ktena et al.,
    2019, "fake negatives").
    """
    n, d = features.shape
    projected = np.empty(d)
    for row in range(n):
        item = items[row]
        steps = float(clock - last[item])
        for model in range(len(rates)):
            begin = begins[model]
            covariance, along = covariances[model], projected[begin:]
            if first[row]:
                for a in range(begin, d):
                    covariance[a, a] += rates[model] * walk[model, a]
            revert(item_means, item_variances, model, item, rates[model], spreads[model], steps)
            mean, variance = project(covariance, features[row, begin:], along, weights[model, begin:])
            own = item_variances[model, item]
            mean, variance = mean + item_means[model, item], variance + own
            if not first[row] and outcomes[row] == 0.0:
                continue
            if noise > 0.0:
                evidence[model] = memory * evidence[model] + gaussian_evidence(
                    mean, variance + noise, outcomes[row]
                )
                shrink = 1.0 / (variance + noise)
                shift = (outcomes[row] - mean) * shrink
            else:
                given, shift, shrink = bernoulli_posterior(mean, variance, outcomes[row], looked[row])
                odds[row, model] = log(given / (1.0 - given))
                if first[row]:
                    told = given if outcomes[row] > 0.0 else 1.0 - given
                    evidence[model] = memory * evidence[model] + log(told)
            weights[model, begin:] += along * shift
            shrunk(covariance, along, shrink)
            item_means[model, item] += own * shift
            item_variances[model, item] = own - own * own * shrink
        last[item] = clock
        if first[row]:
            clock += 1
    return clock
