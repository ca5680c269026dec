"""The loops of Bayesian personalised ranking: stochastic steps on a pair of items, one met and one not."""

from math import exp

import numpy as np

from equipoise.kernels import kernel, summing_kernel
from equipoise.types import Floats, Ints

_ONE = np.float32(1.0)
_ZERO = np.float32(0.0)


@kernel
def draw(state: Ints, n: int) -> int:
    """Return a number from 0 to `n` - 1 and move `state` (1,) uint64 on (Marsaglia, 2003, xorshift64*)."""
    word = state[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    state[0] = word
    high = (word * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(32)
    return int(np.int64((high * np.uint64(n)) >> np.uint64(32)))


@kernel
def is_among(items: Ints, item: int) -> bool:
    """Return whether `item` is among the sorted `items`."""
    place = np.searchsorted(items, item)
    return bool(place < len(items) and items[place] == item)


@kernel
def another(state: Ints, met: Ints, n_items: int) -> int:
    """Return an item that is not among `met`, sorted, or -1 if ten draws found none."""
    for _ in range(10):
        item = draw(state, n_items)
        if not is_among(met, item):
            return item
    return -1


@summing_kernel
def doubt(x: Floats, y: Floats, i: int, j: int) -> np.float32:
    """Return 1 - σ(x (y_i - y_j)), how unsure it is that item i comes before item j."""
    d = len(x)
    margin = y[i, d] - y[j, d]
    for k in range(d):
        margin += x[k] * (y[i, k] - y[j, k])
    return np.float32(1.0 / (1.0 + exp(min(max(margin, -30.0), 30.0))))


@summing_kernel
def learn_pairs(
    x: Floats, y: Floats, starts: Ints, items: Ints, users: Ints, state: Ints, rate: float, reg: float
) -> float:
    """Take one step for each of as many random rows as there are; return the mean doubt before the steps.

    `x` (n_users, d); `y` (n_items, d + 1), whose last column is what an item adds for everybody. Row r is
    that `users[r]` met `items[r]`; those of user u are `items[starts[u]:starts[u + 1]]`, sorted.
    """
    n, d = len(items), x.shape[1]
    step, shrink = np.float32(rate), np.float32(rate * reg)
    total = 0.0
    for _ in range(n):
        row = draw(state, n)
        u, i = users[row], items[row]
        j = another(state, items[starts[u] : starts[u + 1]], len(y))
        if j < 0:
            continue
        here = x[u]
        slope = doubt(here, y, i, j)
        total += float(slope)
        for k in range(d):
            own, better, worse = here[k], y[i, k], y[j, k]
            here[k] += step * slope * (better - worse) - shrink * own
            y[i, k] += step * slope * own - shrink * better
            y[j, k] -= step * slope * own + shrink * worse
        y[i, d] += step * slope - shrink * y[i, d]
        y[j, d] -= step * slope + shrink * y[j, d]
    return total / max(n, 1)


@summing_kernel
def fold_pairs(
    x: Floats, y: Floats, starts: Ints, items: Ints, seed: int, rounds: int, rate: float, reg: float
) -> None:
    """Take the steps of `rounds` rounds over what each row met, on `x` (n, d) alone.

    Every row starts from the same `seed`, so that it does not depend on the others.
    """
    n, d = x.shape
    state = np.empty(1, np.uint64)
    for u in range(n):
        state[0] = np.uint64(seed)
        here, met = x[u], items[starts[u] : starts[u + 1]]
        for round in range(rounds):
            step = np.float32(rate * (rounds - round) / rounds)
            shrink = step * np.float32(reg)
            for i in met:
                j = another(state, met, len(y))
                if j < 0:
                    continue
                slope = doubt(here, y, i, j)
                for k in range(d):
                    here[k] += step * slope * (y[i, k] - y[j, k]) - shrink * here[k]
