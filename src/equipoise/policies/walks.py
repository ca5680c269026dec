"""Compiled walks down slates, for voters that are linear in the features.

At each slot every voter names what it likes best of what is left, splitting its vote where it likes
several alike, and the slot draws in proportion to the votes. The candidates of a request are judged and
its slate is filled without coming back to the interpreter, so that one request takes microseconds.
"""

import numpy as np

from equipoise.kernels import kernel, summing_kernel
from equipoise.policies.policy import NOTHING
from equipoise.types import Bools, Floats, Ints

_LARGEST = 1e100
"""Worths and utilities are clipped here, as in the sampler."""
_BELOW_ONE = 1.0 - 2.0**-52


@kernel
def walk_by_bounds(
    features: Floats,
    mean: Floats,
    root: Floats,
    width: float,
    items: Ints,
    given: bool,
    actions: Ints,
    chances: Floats,
    explored: Bools,
    exploration: Floats,
) -> None:
    """Fill n slates by upper bounds of `features` (n, m, d): means and `width` deviations.

    The weights have `mean` (d,) and covariance `root`.T @ `root`, `root` (d, d) lower triangular. The rest
    is as in `_elect`, with a row for each of `items` (n, m).
    """
    n, m = items.shape
    worth, bounds = np.empty(m), np.empty((m, 1))
    for row in range(n):
        _bound(features[row], mean, root, width, worth, bounds)
        exploration[row] = _elect(
            worth, bounds, 0.0, items[row], given, actions[row], chances[row], explored[row]
        )


@kernel
def bound_rows(
    features: Floats, mean: Floats, root: Floats, width: float, worth: Floats, bounds: Floats
) -> None:
    """Set `worth` (n, m) and `bounds` (n, m, 1) to means and upper bounds of `features` (n, m, d)."""
    for row in range(len(worth)):
        _bound(features[row], mean, root, width, worth[row], bounds[row])


@summing_kernel
def _bound(features: Floats, mean: Floats, root: Floats, width: float, worth: Floats, bounds: Floats) -> None:
    """Set `worth` (m,) to the means and `bounds` (m, 1) to the upper bounds of `features` (m, d)."""
    m, d = features.shape
    x = np.empty(d)
    for place in range(m):
        middle, square = 0.0, 0.0
        for i in range(d):
            x[i] = features[place, i]
            middle += x[i] * mean[i]
        for j in range(d):
            part = 0.0
            for i in range(j + 1):
                part += root[j, i] * x[i]
            square += part * part
        worth[place] = _finite(middle)
        bounds[place, 0] = _finite(middle + width * np.sqrt(square))


@kernel
def walk_by_votes(
    features: Floats,
    mean: Floats,
    weights: Floats,
    floor: float,
    items: Ints,
    given: bool,
    actions: Ints,
    chances: Floats,
    explored: Bools,
    exploration: Floats,
) -> None:
    """Fill n slates by the votes of `weights` (p, s) on `features` (n, m, p), worth `mean` (p,).

    The rest is as in `_elect`, with a row for each of `items` (n, m).
    """
    n, m = items.shape
    worth, ballots = np.empty(m), np.empty((m, weights.shape[1]))
    for row in range(n):
        _judge(features[row], mean, weights, worth, ballots)
        exploration[row] = _elect(
            worth, ballots, floor, items[row], given, actions[row], chances[row], explored[row]
        )


@kernel
def judge_rows(features: Floats, mean: Floats, weights: Floats, worth: Floats, ballots: Floats) -> None:
    """Set `worth` (n, m) and `ballots` (n, m, s) to the utilities of `features` (n, m, p)."""
    for row in range(len(worth)):
        _judge(features[row], mean, weights, worth[row], ballots[row])


@summing_kernel
def _judge(features: Floats, mean: Floats, weights: Floats, worth: Floats, ballots: Floats) -> None:
    """Set `worth` (m,) and `ballots` (m, s) to the utilities of `features` (m, p)."""
    m, s = ballots.shape
    for place in range(m):
        middle = 0.0
        ballots[place] = 0.0
        for i in range(len(mean)):
            x = np.float64(features[place, i])
            middle += x * mean[i]
            for voter in range(s):
                ballots[place, voter] += x * weights[i, voter]
        worth[place] = _finite(middle)
        for voter in range(s):
            ballots[place, voter] = _finite(ballots[place, voter])


@kernel
def _finite(number: float) -> float:
    """Return `number` as a finite one, the lowest for NaN."""
    if not number >= -_LARGEST:
        return -_LARGEST
    return min(number, _LARGEST)


@kernel
def _elect(
    worth: Floats,
    ballots: Floats,
    floor: float,
    items: Ints,
    given: bool,
    actions: Ints,
    chances: Floats,
    explored: Bools,
) -> float:
    """Fill one slate of k positions, and return its exploration.

    `worth` (m,), `ballots` (m, s) and `items` (m,) are those of the candidates. If `given`, `actions`
    (k,) are kept, and from the first that could not have been drawn on all `chances` (k,) are 0. Else
    they are drawn, by the uniform numbers that `chances` holds at first.
    """
    left, weights = items != NOTHING, np.empty(len(items))
    unsure, filled, possible = 0.0, 0, True
    for position in range(len(actions)):
        _weigh(ballots, floor, left, weights)
        best, total, sure = _tally(worth, left, weights)
        chosen = actions[position] if given else _drawn(weights, chances[position] * _BELOW_ONE * total)
        actions[position] = chosen
        chance = _chance(chosen, weights, total)
        possible = possible and chance > 0.0
        chances[position] = chance if possible else 0.0
        explored[position] = False
        if total > 0.0:
            filled += 1
            unsure += 1.0 - sure / total
            explored[position] = worth[chosen] < best
        if chosen != NOTHING:
            left[chosen] = False
    return unsure / max(filled, 1)


@kernel
def _tally(worth: Floats, left: Bools, weights: Floats) -> tuple[float, float, float]:
    """Return the largest worth left, all weight, and the weight on that largest worth."""
    best, total, sure = -np.inf, 0.0, 0.0
    for place in range(len(worth)):
        if left[place]:
            total += weights[place]
            if worth[place] > best:
                best, sure = worth[place], 0.0
            if worth[place] == best:
                sure += weights[place]
    return best, total, sure


@kernel
def _chance(chosen: int, weights: Floats, total: float) -> float:
    if chosen == NOTHING:
        return 0.0 if total > 0.0 else 1.0
    return weights[chosen] / total if total > 0.0 else 0.0


@kernel
def _drawn(weights: Floats, reached: float) -> int:
    """Return the first place where the sum of `weights` passes `reached`; NOTHING where none does."""
    heap = 0.0
    for place in range(len(weights)):
        heap += weights[place]
        if heap > reached:
            return place
    return NOTHING


@kernel
def _weigh(ballots: Floats, floor: float, left: Bools, weights: Floats) -> None:
    """Set `weights` (m,) to the votes for each of those `left` (m,), mixed with `floor`."""
    m, s = ballots.shape
    tops, ties, count = np.full(s, -np.inf), np.zeros(s), 0
    for place in range(m):
        if left[place]:
            count += 1
            for voter in range(s):
                tops[voter] = max(tops[voter], ballots[place, voter])
    for place in range(m):
        if left[place]:
            for voter in range(s):
                ties[voter] += ballots[place, voter] == tops[voter]
    least = min(floor, 1.0 / max(count, 1))
    share = (1.0 - least * count) / s
    for place in range(m):
        weights[place] = 0.0
        if left[place]:
            votes = 0.0
            for voter in range(s):
                votes += (ballots[place, voter] == tops[voter]) / ties[voter]
            weights[place] = least + share * votes


@kernel
def weigh_rows(worth: Floats, ballots: Floats, floor: float, left: Floats, weights: Floats) -> None:
    """Set `weights` (n, m) to the votes for candidates that are worth `left` (n, m), -inf where gone.

    `ballots` (n, m, s) are the utilities as if they were still worth `worth` (n, m).
    """
    for row in range(len(left)):
        changed = ballots[row] + np.expand_dims(left[row] - worth[row], 1)
        _weigh(changed, floor, left[row] > -np.inf, weights[row])
