"""The loops of a bank of state-space models: one step an observation, for every model.

An outcome y of utility u = w . x + b[item] is either a Bernoulli draw with chance e sigma(u), e being how
likely the position is looked at, or Gaussian about u. Along u, the only direction in which an observation
speaks, the posterior is a Gaussian with the mean and variance of the true one (assumed density filtering:
Opper, 1998), and the change is spread over weights and item term by their covariances. Between
observations weights take a random walk, and item terms revert to their prior (Ornstein and Uhlenbeck, 1930).

The prior of an item term is a mixture of normal ones about 0, the parts of a model. Each item has a posterior
by each part, and the parts are weighed by how likely they made what the item's impressions brought.

Models of one kind agree about how items differ. A model is weighed within its kind by how likely it made what
was seen lately, and a kind, with its models so weighed, by how likely it made what was seen for longer.
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
def kept(rate: float, steps: float) -> float:
    """Return how much of a term is left after `steps` observations."""
    return exp(-0.5 * rate * max(steps, 0.0))


@kernel
def revert(mean: float, variance: float, left: float, spread: float) -> tuple[float, float]:
    """Return the moments of a term of which so much is `left`, and which drifted towards N(0, spread)."""
    return left * mean, left * left * variance + (1.0 - left * left) * spread


@kernel
def believed(shares: Floats, evidence: Floats, item: int, low: int, high: int, likely: Floats) -> None:
    """Fill the first of `likely` with how likely `item` is of each part from `low` up to `high`.

    `shares` (p,) is how many items are, `evidence` (i, p) the log-likelihood of what this one brought.
    """
    if high == low + 1:
        likely[0] = 1.0
        return
    top, total = -np.inf, 0.0
    for part in range(low, high):
        top = max(top, evidence[item, part])
    for part in range(low, high):
        likely[part - low] = shares[part] * exp(evidence[item, part] - top)
        total += likely[part - low]
    for part in range(high - low):
        likely[part] /= total


@kernel
def recall(
    models: Ints,
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
    """Fill `likely`, `means` and `variances` (p, n) now of the terms of `items` (n,), by `models`.

    Their parts follow one another. An item never observed, -1 among them, has the prior.
    """
    filled, chances = 0, np.empty(len(spreads))
    for model in models:
        low, high = starts[model], starts[model + 1]
        for row in range(len(items)):
            item = items[row]
            known = 0 <= item < len(last)
            if known:
                believed(shares, item_evidence, item, low, high, chances)
                left = kept(rates[model], float(clock - last[item]))
            for part in range(low, high):
                place, spread = filled + part - low, spreads[part]
                likely[place, row], means[place, row], variances[place, row] = shares[part], 0.0, spread
                if known:
                    likely[place, row] = chances[part - low]
                    means[place, row], variances[place, row] = revert(
                        item_means[item, part], item_variances[item, part], left, spread
                    )
        filled += high - low


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
    mean: float, variance: float, outcome: float, looked: float, noise: float
) -> tuple[float, float, float]:
    """Return the log-likelihood of the outcome, and the shift and the shrink of the utility by it."""
    if noise > 0.0:
        shrink = 1.0 / (variance + noise)
        return gaussian_evidence(mean, variance + noise, outcome), (outcome - mean) * shrink, shrink
    given, shift, shrink = bernoulli_posterior(mean, variance, outcome, looked)
    return log(given if outcome > 0.0 else 1.0 - given), shift, shrink


@kernel
def weigh(
    parts: int, likely: Floats, told: Floats, shifts: Floats, shrinks: Floats
) -> tuple[float, float, float]:
    """Return the log-likelihood, the shift and the shrink of a mixture of so many `parts`; `likely` learns.

    The moments are those of the mixture: where the parts disagree about the shift, the shrink is less.
    """
    if parts == 1:
        return told[0], shifts[0], shrinks[0]
    top, total = -np.inf, 0.0
    for part in range(parts):
        top = max(top, told[part])
    for part in range(parts):
        likely[part] *= exp(told[part] - top)
        total += likely[part]
    shift, shrink = 0.0, 0.0
    for part in range(parts):
        likely[part] /= total
        shift += likely[part] * shifts[part]
        shrink += likely[part] * (shrinks[part] - shifts[part] * shifts[part])
    return top + log(total), shift, max(shrink + shift * shift, 0.0)


@kernel
def log_sums(logs: Floats, kinds: Ints, n_kinds: int) -> Floats:
    """Return the logarithms of the sums, over the models of each kind, of what `logs` (j,) are of, (k,)."""
    tops, sums = np.full(n_kinds, -np.inf), np.zeros(n_kinds)
    for model in range(len(logs)):
        tops[kinds[model]] = max(tops[kinds[model]], logs[model])
    for model in range(len(logs)):
        sums[kinds[model]] += exp(logs[model] - tops[kinds[model]])
    return np.asarray(np.log(sums) + tops)


@kernel
def witnessed(
    evidence: Floats, kinds: Ints, kind_evidence: Floats, memory: float, kind_memory: float, heard: Floats
) -> None:
    """Add what was `heard`, log-likelihoods by each model (j,), to the `evidence` and that for `kinds`."""
    before = log_sums(evidence, kinds, len(kind_evidence))
    after = log_sums(evidence + heard, kinds, len(kind_evidence))
    for kind in range(len(kind_evidence)):
        kind_evidence[kind] = kind_memory * kind_evidence[kind] + after[kind] - before[kind]
    for model in range(len(evidence)):
        evidence[model] = memory * evidence[model] + heard[model]


@kernel
def learn(
    rates: Floats,
    begins: Ints,
    walk: Floats,
    weights: Floats,
    covariances: Floats,
    evidence: Floats,
    kinds: Ints,
    kind_evidence: Floats,
    starts: Ints,
    spreads: Floats,
    shares: Floats,
    item_means: Floats,
    item_variances: Floats,
    item_evidence: Floats,
    last: Ints,
    memory: float,
    kind_memory: float,
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
    projected, likely = np.empty(d), np.empty(len(spreads))
    heard = np.empty(len(rates))
    told, shifts, shrinks = np.empty(len(spreads)), np.empty(len(spreads)), np.empty(len(spreads))
    for row in range(n):
        item, outcome = items[row], outcomes[row]
        steps = float(clock - last[item])
        for model in range(len(rates)):
            begin, low, high = begins[model], starts[model], starts[model + 1]
            covariance, along = covariances[model], projected[begin:]
            if first[row]:
                for a in range(begin, d):
                    covariance[a, a] += rates[model] * walk[model, a]
            left = kept(rates[model], steps)
            for part in range(low, high):
                item_means[item, part], item_variances[item, part] = revert(
                    item_means[item, part], item_variances[item, part], left, spreads[part]
                )
            if not first[row] and outcome == 0.0:
                continue
            mean, variance = project(covariance, features[row, begin:], along, weights[model, begin:])
            for part in range(low, high):
                told[part - low], shifts[part - low], shrinks[part - low] = hear(
                    mean + item_means[item, part],
                    variance + item_variances[item, part],
                    outcome,
                    looked[row],
                    noise,
                )
            believed(shares, item_evidence, item, low, high, likely)
            all_told, shift, shrink = weigh(high - low, likely, told, shifts, shrinks)
            if noise <= 0.0:
                given = exp(all_told) if outcome > 0.0 else 1.0 - exp(all_told)
                odds[row, model] = log(given / (1.0 - given))
            heard[model] = all_told
            for a in range(begin, d):
                weights[model, a] += projected[a] * shift
            shrunk(covariance, along, shrink)
            for part in range(low, high):
                own = item_variances[item, part]
                item_means[item, part] += own * shifts[part - low]
                item_variances[item, part] = own - own * own * shrinks[part - low]
                news = told[part - low] - all_told
                item_evidence[item, part] = memory * item_evidence[item, part] + news
        last[item] = clock
        if first[row]:
            witnessed(evidence, kinds, kind_evidence, memory, kind_memory, heard)
            clock += 1
    return clock
