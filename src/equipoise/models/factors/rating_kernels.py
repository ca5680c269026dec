"""The loop of the rating model: one stochastic step a rating on every term that predicts it."""

from typing import NamedTuple

import numpy as np

from equipoise.kernels import summing_kernel
from equipoise.types import Floats, Ints


class Terms(NamedTuple):
    """What predicts the rating of item i by user u at a time in bin t, `change` after u's mean time.

    `user_bias` + `user_drift` * change + `item_bias` + `item_bins[i, t]` + `vectors[i]` . (`users[u]` +
    the mean of `rated[j]` over the items j that u rated, times the square root of how many there are).
    All are float32, (n_users,) or (n_items,) in the first axis, d in the last of the vectors.
    """

    user_bias: Floats
    user_drift: Floats
    item_bias: Floats
    item_bins: Floats
    users: Floats
    vectors: Floats
    rated: Floats


class Ratings(NamedTuple):
    """Ratings less their mean, (n,), with what the kernel needs to know of each, user by user."""

    users: Ints
    items: Ints
    values: Floats
    bins: Ints
    changes: Floats


class Rates(NamedTuple):
    """How fast each kind of term learns, and how much it is held back."""

    learning: float
    drift: float
    bias_reg: float
    bin_reg: float
    reg: float


@summing_kernel
def sum_rated(rated: Floats, items: Ints, rows: Ints, total: Floats) -> np.float32:
    """Put the sum of `rated` over the items of `rows`, over the root of their number, into `total` (d,)."""
    share = np.float32(len(rows) ** -0.5)
    total[:] = np.float32(0.0)
    for row in rows:
        one = rated[items[row]]
        for k in range(len(total)):
            total[k] += share * one[k]
    return share


@summing_kernel
def step_rating(
    terms: Terms, ratings: Ratings, row: int, total: Floats, asked: Floats, rates: Rates
) -> float:
    """Take the step for one rating; add what it asks of `total` to `asked` (d,); return its error."""
    u, i, b, change = ratings.users[row], ratings.items[row], ratings.bins[row], ratings.changes[row]
    own, vector = terms.users[u], terms.vectors[i]
    error = ratings.values[row] - terms.user_bias[u] - terms.user_drift[u] * change
    error -= terms.item_bias[i] + terms.item_bins[i, b]
    for k in range(len(own)):
        error -= vector[k] * (own[k] + total[k])
    rate, bias_reg = np.float32(rates.learning), np.float32(rates.bias_reg)
    terms.user_bias[u] += rate * (error - bias_reg * terms.user_bias[u])
    terms.user_drift[u] += np.float32(rates.drift) * (error * change - bias_reg * terms.user_drift[u])
    terms.item_bias[i] += rate * (error - bias_reg * terms.item_bias[i])
    terms.item_bins[i, b] += rate * (error - np.float32(rates.bin_reg) * terms.item_bins[i, b])
    reg = np.float32(rates.reg)
    for k in range(len(own)):
        before = vector[k]
        vector[k] += rate * (error * (own[k] + total[k]) - reg * before)
        own[k] += rate * (error * before - reg * own[k])
        asked[k] += error * before
    return float(error)


@summing_kernel
def learn_ratings(terms: Terms, ratings: Ratings, rows: Ints, rates: Rates, implicit: bool) -> float:
    """Take one step for each of `rows`, those of a user side by side; return the mean squared error before.

    The vectors of what a user rated are brought up to date once a user, with what its ratings asked of
    their sum added up, as they all move alike.
    """
    d = terms.vectors.shape[1]
    total, asked = np.zeros(d, np.float32), np.empty(d, np.float32)
    squares, begin, share = 0.0, 0, np.float32(0.0)
    reg, rate = np.float32(rates.reg), np.float32(rates.learning)
    while begin < len(rows):
        end = begin
        while end < len(rows) and ratings.users[rows[end]] == ratings.users[rows[begin]]:
            end += 1
        if implicit:
            share = sum_rated(terms.rated, ratings.items, rows[begin:end], total)
        asked[:] = np.float32(0.0)
        for row in rows[begin:end]:
            squares += step_rating(terms, ratings, row, total, asked, rates) ** 2
        if implicit:
            for row in rows[begin:end]:
                one = terms.rated[ratings.items[row]]
                for k in range(d):
                    one[k] += rate * (share * asked[k] - reg * one[k])
        begin = end
    return squares / max(len(rows), 1)
