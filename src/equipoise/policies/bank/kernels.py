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
from typing import NamedTuple

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from equipoise.kernels import kernel, summing_kernel
from equipoise.types import Bools, Floats, Ints

PROBIT = np.pi / 8.0
"""E sigma(u) is close to sigma(mean / sqrt(1 + PROBIT variance)) (MacKay, 1992)."""
_NODES, _MASS = hermegauss(9)
_MIDDLE, NODES, MASS = _MASS[4] / _MASS.sum(), _NODES[5:].copy(), _MASS[5:] / _MASS.sum()
"""Of Gauss-Hermite quadrature: means over a standard normal number. The other nodes mirror these."""
_FAR = 300.0
"""Log-odds beyond which a chance is 0 or 1; the product of two such odds is still a number."""
_TINY = 1e-9
_SPAN = 1.0 - 2.0 * _TINY
"""Chances lie between `_TINY` and 1 less it, that far apart."""


class Models(NamedTuple):
    """The j models of a `StateSpace`: see there."""

    rates: Floats
    begins: Ints
    walk: Floats
    weights: Floats
    covariances: Floats


class Terms(NamedTuple):
    """What the parts of the models say of items: see `StateSpace`."""

    starts: Ints
    spreads: Floats
    shares: Floats
    means: Floats
    variances: Floats
    evidence: Floats


class Rows(NamedTuple):
    """What is learnt from, (n,) and in order: `features` (n, w) are what models see.

    `looked` is how likely the position was looked at, `steps` how many observations ago the item was met.
    """

    features: Floats
    items: Ints
    outcomes: Floats
    looked: Floats
    first: Bools
    steps: Floats


@summing_kernel
def bernoulli_posterior(
    mean: float, variance: float, outcome: float, looked: float
) -> tuple[float, float, float]:
    """Return the chance given to a success, and the shift and the shrink of the utility by `outcome`.

    The mean moves by variance * shift, and the variance falls by variance^2 * shrink, to the moments of
    prior times likelihood. The variance never grows. Chances are kept away from 0 and 1.
    """
    root, sign = sqrt(variance), 1.0 if outcome > 0.0 else -1.0
    here = exp(-min(max(mean, -_FAR), _FAR))
    success = looked * (_TINY + _SPAN / (1.0 + here))
    total, first, second = _MIDDLE * (success if outcome > 0.0 else 1.0 - success), 0.0, 0.0
    for place in range(len(NODES)):
        # Nodes are as far above the mean as below it, so that one exponential serves two.
        far = exp(min(root * NODES[place], _FAR))
        above = looked * (_TINY + _SPAN / (1.0 + here / far))
        below = looked * (_TINY + _SPAN / (1.0 + here * far))
        both = MASS[place] * (1.0 - sign + sign * (above + below))
        total += both
        first += MASS[place] * sign * (above - below) * NODES[place]
        second += both * NODES[place] * NODES[place]
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
    chosen: Ints,
    rates: Floats,
    terms: Terms,
    last: Ints,
    clock: int,
    items: Ints,
    likely: Floats,
    means: Floats,
    variances: Floats,
) -> None:
    """Fill `likely`, `means` and `variances` (p, n) now of the terms of `items` (n,), by the `chosen` models.

    Their parts follow one another. An item never observed, -1 among them, has the prior.
    """
    filled, chances = 0, np.empty(len(terms.spreads))
    for model in chosen:
        low, high = terms.starts[model], terms.starts[model + 1]
        for row in range(len(items)):
            item = items[row]
            known = 0 <= item < len(last)
            if known:
                believed(terms.shares, terms.evidence, item, low, high, chances)
                left = kept(rates[model], float(clock - last[item]))
            for part in range(low, high):
                place, spread = filled + part - low, terms.spreads[part]
                likely[place, row], means[place, row], variances[place, row] = terms.shares[part], 0.0, spread
                if known:
                    likely[place, row] = chances[part - low]
                    means[place, row], variances[place, row] = revert(
                        terms.means[item, part], terms.variances[item, part], left, spread
                    )
        filled += high - low


@summing_kernel
def dot(left: Floats, right: Floats) -> float:
    """Return the inner product of two vectors."""
    total = 0.0
    for place in range(len(left)):
        total += left[place] * right[place]
    return total


@summing_kernel
def project(
    covariance: Floats,
    told: Floats,
    by: float,
    walk: Floats,
    rate: float,
    features: Floats,
    projected: Floats,
) -> None:
    """Fill `projected` (d,) with covariance . features, after what was told and a step of the walk.

    That is: `by` times the square of `told` (d,) is taken off `covariance`, and `rate` times `walk` (d,) is
    added to its diagonal. The last d rows and columns count. All at once, for it is read and written as
    rarely as can be: what an observation tells is taken off when the next one comes.
    """
    d = len(features)
    begin = len(covariance) - d
    for a in range(d):
        row, factor, total = covariance[begin + a, begin:], by * told[a], 0.0
        for c in range(d):
            row[c] -= factor * told[c]
            total += row[c] * features[c]
        row[a] += rate * walk[a]
        projected[a] = total + rate * walk[a] * features[a]


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
def age(terms: Terms, item: int, low: int, high: int, left: float) -> None:
    """Let the terms of `item` by the parts from `low` up to `high` drift, until so much is `left` of them."""
    for part in range(low, high):
        terms.means[item, part], terms.variances[item, part] = revert(
            terms.means[item, part], terms.variances[item, part], left, terms.spreads[part]
        )


@kernel
def settle(
    terms: Terms,
    item: int,
    low: int,
    high: int,
    told: Floats,
    shifts: Floats,
    shrinks: Floats,
    all_told: float,
    memory: float,
) -> None:
    """Move the terms of `item` by the shift and shrink of each part, and weigh what each `told`."""
    for part in range(low, high):
        own = terms.variances[item, part]
        terms.means[item, part] += own * shifts[part - low]
        terms.variances[item, part] = own - own * own * shrinks[part - low]
        terms.evidence[item, part] = memory * terms.evidence[item, part] + told[part - low] - all_told


@kernel
def log_odds(told: float, outcome: float) -> float:
    """Return the logarithm of the odds that were given to a success, where `told` was what came."""
    given = exp(told) if outcome > 0.0 else 1.0 - exp(told)
    return log(given / (1.0 - given))


@kernel
def learn_one(
    model: int,
    models: Models,
    terms: Terms,
    rows: Rows,
    memory: float,
    noise: float,
    heard: Floats,
    odds: Floats,
) -> None:
    """Let one model see every row; see `learn`."""
    rate, begin = models.rates[model], models.begins[model]
    low, high = terms.starts[model], terms.starts[model + 1]
    walk, weights = models.walk[model, begin:], models.weights[model, begin:]
    covariance = models.covariances[model]
    along, shrink, likely = np.zeros(len(weights)), 0.0, np.empty(high - low)
    projected = np.empty(len(weights))
    told, shifts, shrinks = np.empty(high - low), np.empty(high - low), np.empty(high - low)
    for row in range(len(rows.items)):
        item, outcome, features = rows.items[row], rows.outcomes[row], rows.features[row, begin:]
        age(terms, item, low, high, kept(rate, rows.steps[row]))
        if not rows.first[row] and outcome == 0.0:
            continue
        project(covariance, along, shrink, walk, rate * rows.first[row], features, projected)
        mean, variance = dot(weights, features), dot(projected, features)
        for part in range(low, high):
            told[part - low], shifts[part - low], shrinks[part - low] = hear(
                mean + terms.means[item, part],
                variance + terms.variances[item, part],
                outcome,
                rows.looked[row],
                noise,
            )
        believed(terms.shares, terms.evidence, item, low, high, likely)
        heard[row, model], shift, shrink = weigh(high - low, likely, told, shifts, shrinks)
        if noise <= 0.0:
            odds[row, model] = log_odds(heard[row, model], outcome)
        for a in range(len(weights)):
            weights[a] += projected[a] * shift
            along[a] = projected[a]
        settle(terms, item, low, high, told, shifts, shrinks, heard[row, model], memory)
    # What the last row told is still to be taken off.
    project(covariance, along, shrink, walk, 0.0, along, projected)


@kernel
def learn(
    models: Models, terms: Terms, rows: Rows, memory: float, noise: float, heard: Floats, odds: Floats
) -> None:
    """Let every model see every row, in order and in place, and fill `heard` and `odds` (n, j).

    `heard` is the log-likelihood of the row by each model. `noise` > 0 is the variance of a Gaussian
    outcome, 0 stands for Bernoulli ones, of which `odds` are the logarithms of the odds that each model gave
    to a success. A row that is not the `first` of its impression brings a late success, which is seen as one
    more impression, but does not pass time, and is no evidence for a model here (see `pending`). The failure
    seen before stays: of chances p the odds p / (1 - p) become p, which for rare successes is nearly the
    same, and in the same order (Ktena et al., 2019, "fake negatives").
    """
    for model in range(len(models.rates)):
        learn_one(model, models, terms, rows, memory, noise, heard, odds)


@kernel
def passed(items: Ints, first: Bools, last: Ints, clock: int, steps: Floats) -> int:
    """Fill `steps` (n,) with the observations since each row's item was met, and return the clock after them.

    `last` (i,) is when each item was met; it learns.
    """
    for row in range(len(items)):
        steps[row] = float(clock - last[items[row]])
        last[items[row]] = clock
        clock += first[row]
    return clock


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
    evidence: Floats,
    kinds: Ints,
    kind_evidence: Floats,
    memory: float,
    kind_memory: float,
    heard: Floats,
    first: Bools,
) -> None:
    """Add what was `heard` of the `first` rows, (n, j), to the `evidence` for models and that for `kinds`."""
    for row in np.flatnonzero(first):
        before = log_sums(evidence, kinds, len(kind_evidence))
        after = log_sums(evidence + heard[row], kinds, len(kind_evidence))
        for kind in range(len(kind_evidence)):
            kind_evidence[kind] = kind_memory * kind_evidence[kind] + after[kind] - before[kind]
        for model in range(len(evidence)):
            evidence[model] = memory * evidence[model] + heard[row, model]
