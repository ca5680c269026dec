"""The loops of a bank of state-space models: one step an observation, for every model.

An outcome y of utility u = w . x + b[item] is either a Bernoulli draw with chance e sigma(u), e being how
likely the position is looked at, or Gaussian about u. Along u, the only direction in which an observation
speaks, the posterior is a Gaussian with the mean and variance of the true one (assumed density filtering:
Opper, 1998), and the change is spread over weights and item term by their covariances. Between
observations weights take a random walk, and item terms revert to their prior (Ornstein and Uhlenbeck, 1930).

The prior of an item term is a mixture of normal ones about 0, the parts of a model. Each item has a posterior
by each part, and the parts are weighed by how likely they made what the item's impressions brought.
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
def revert(mean: float, variance: float, rate: float, spread: float, steps: float) -> tuple[float, float]:
    """Return the moments of a term that drifted for `steps` observations towards N(0, spread)."""
    if rate <= 0.0 or steps <= 0.0:
        return mean, variance
    kept = exp(-0.5 * rate * steps)
    return kept * mean, kept * kept * variance + (1.0 - kept * kept) * spread


@kernel
def believed(shares: Floats, evidence: Floats, likely: Floats) -> None:
    """Fill `likely` (p,) with how likely an item of such `evidence` (p,) is of each part of such `shares`."""
    top, total = evidence.max(), 0.0
    for part in range(len(shares)):
        likely[part] = shares[part] * exp(evidence[part] - top)
        total += likely[part]
    for part in range(len(shares)):
        likely[part] /= total


@kernel
def recall(
    kept: Ints,
    starts: Ints,
    rates: Floats,
    spreads: Floats,
    shares: Floats,
    item_means: Floats,
    item_variances: Floats,
    item_evidence: Floats,
    last: Ints,
    clock: int,
    items: Ints,
    likely: Floats,
    means: Floats,
    variances: Floats,
) -> None:
    """Fill `likely`, `means` and `variances` (p, n) now of the terms of `items` (n,), by the models `kept`.

    Their parts follow one another. An item never observed, -1 among them, has the prior.
    """
    filled = 0
    for model in kept:
        own = slice(starts[model], starts[model + 1])
        here = slice(filled, filled + starts[model + 1] - starts[model])
        for row in range(len(items)):
            item = items[row]
            if 0 <= item < len(last):
                steps = float(max(clock - last[item], 0))
                believed(shares[own], item_evidence[own, item], likely[here, row])
                for part in range(starts[model], starts[model + 1]):
                    place = filled + part - starts[model]
                    means[place, row], variances[place, row] = revert(
                        item_means[part, item], item_variances[part, item], rates[model], spreads[part], steps
                    )
            else:
                likely[here, row] = shares[own]
                means[here, row] = 0.0
                variances[here, row] = spreads[own]
        filled += starts[model + 1] - starts[model]


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
def hear(
    mean: float,
    variance: float,
    own_means: Floats,
    own_variances: Floats,
    outcome: float,
    looked: float,
    noise: float,
    told: Floats,
    shifts: Floats,
    shrinks: Floats,
) -> None:
    """Fill what each part (p,) says of the outcome: its log-likelihood, the shift and the shrink.

    `mean` and `variance` are those of the utility without the item's term.
    """
    for part in range(len(told)):
        middle, unknown = mean + own_means[part], variance + own_variances[part]
        if noise > 0.0:
            told[part] = gaussian_evidence(middle, unknown + noise, outcome)
            shrinks[part] = 1.0 / (unknown + noise)
            shifts[part] = (outcome - middle) * shrinks[part]
        else:
            given, shifts[part], shrinks[part] = bernoulli_posterior(middle, unknown, outcome, looked)
            told[part] = log(given if outcome > 0.0 else 1.0 - given)


@kernel
def weigh(likely: Floats, told: Floats, shifts: Floats, shrinks: Floats) -> tuple[float, float, float]:
    """Return the log-likelihood, the shift and the shrink of a mixture; `likely` (p,) learns.

    The moments are those of the mixture: where the parts disagree about the shift, the shrink is less.
    """
    top, total = told.max(), 0.0
    for part in range(len(told)):
        likely[part] *= exp(told[part] - top)
        total += likely[part]
    shift, shrink = 0.0, 0.0
    for part in range(len(told)):
        likely[part] /= total
        shift += likely[part] * shifts[part]
        shrink += likely[part] * (shrinks[part] - shifts[part] * shifts[part])
    return top + log(total), shift, max(shrink + shift * shift, 0.0)


@kernel
def learn(
    rates: Floats,
    begins: Ints,
    walk: Floats,
    weights: Floats,
    covariances: Floats,
    evidence: Floats,
    starts: Ints,
    spreads: Floats,
    shares: Floats,
    item_means: Floats,
    item_variances: Floats,
    item_evidence: Floats,
    last: Ints,
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
    pass time, and is no evidence for a model here (see `pending`). The failure seen before stays: of chances
    p the odds p / (1 - p) become p, which for rare successes is nearly the same, and in the same order (Ktena
    et al., 2019, "fake negatives").
    """
    n, d = features.shape
    projected, room = np.empty(d), np.empty((4, len(spreads)))
    for row in range(n):
        item, outcome = items[row], outcomes[row]
        steps = float(clock - last[item])
        for model in range(len(rates)):
            begin, low, high = begins[model], starts[model], starts[model + 1]
            covariance, along = covariances[model], projected[begin:]
            if first[row]:
                for a in range(begin, d):
                    covariance[a, a] += rates[model] * walk[model, a]
            for part in range(low, high):
                item_means[part, item], item_variances[part, item] = revert(
                    item_means[part, item], item_variances[part, item], rates[model], spreads[part], steps
                )
            if not first[row] and outcome == 0.0:
                continue
            own_means, own_variances = item_means[low:high, item], item_variances[low:high, item]
            likely, told = room[0, : high - low], room[1, : high - low]
            shifts, shrinks = room[2, : high - low], room[3, : high - low]
            mean, variance = project(covariance, features[row, begin:], along, weights[model, begin:])
            believed(shares[low:high], item_evidence[low:high, item], likely)
            hear(mean, variance, own_means, own_variances, outcome, looked[row], noise, told, shifts, shrinks)
            all_told, shift, shrink = weigh(likely, told, shifts, shrinks)
            if noise <= 0.0:
                given = exp(all_told) if outcome > 0.0 else 1.0 - exp(all_told)
                odds[row, model] = log(given / (1.0 - given))
            if first[row]:
                evidence[model] = memory * evidence[model] + all_told
            weights[model, begin:] += along * shift
            shrunk(covariance, along, shrink)
            for part in range(high - low):
                own = own_variances[part]
                own_means[part] += own * shifts[part]
                own_variances[part] = own - own * own * shrinks[part]
                kept = memory * item_evidence[low + part, item]
                item_evidence[low + part, item] = kept + told[part] - all_told
        last[item] = clock
        if first[row]:
            clock += 1
    return clock
