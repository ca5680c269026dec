"""Chances of logged slates under a softmax of worths, and how worths pull on them: the loops of learning."""

import numpy as np

from equipoise.kernels import kernel
from equipoise.types import Bools, Floats, Ints

_LEAST = -600.0
"""Worths further than this below the best of a row count as this far, so that no weight is 0."""


@kernel
def walk(worth: Floats, there: Bools, actions: Ints, guesses: Floats) -> tuple[Floats, Floats]:
    """Return P(action | those above) (n, k), and the mean of `guesses` over what was left (n, k).

    `worth` and `there` (n, m); `actions` (n, k), -1 where a slate ended; `guesses` (n, m), or (0, 0).
    """
    n, k = actions.shape
    m = worth.shape[1]
    chances, values = np.ones((n, k)), np.zeros((n, k))
    weights = np.empty(m)
    for row in range(n):
        _weigh(worth[row], there[row], weights)
        for position in range(k):
            action = actions[row, position]
            if action < 0:
                continue
            total = weights.sum()
            chances[row, position] = weights[action] / total
            if guesses.shape[0] > 0:
                for place in range(m):
                    values[row, position] += weights[place] / total * guesses[row, place]
            weights[action] = 0.0
    return chances, values


@kernel
def pull(
    worth: Floats, there: Bools, actions: Ints, guesses: Floats, on_chance: Floats, on_value: Floats
) -> Floats:
    """Return the slope (n, m) in `worth` of what has slopes `on_chance` in log chances, `on_value` in values.

    Both are (n, k), of what `walk` returns.
    """
    n, k = actions.shape
    m = worth.shape[1]
    slope, weights = np.zeros((n, m)), np.empty(m)
    for row in range(n):
        _weigh(worth[row], there[row], weights)
        for position in range(k):
            action = actions[row, position]
            if action < 0:
                continue
            total = weights.sum()
            slope[row, action] += on_chance[row, position]
            value = 0.0
            if guesses.shape[0] > 0:
                for place in range(m):
                    value += weights[place] / total * guesses[row, place]
            for place in range(m):
                chance = weights[place] / total
                slope[row, place] -= on_chance[row, position] * chance
                if guesses.shape[0] > 0:
                    slope[row, place] += on_value[row, position] * chance * (guesses[row, place] - value)
            weights[action] = 0.0
    return slope


@kernel
def _weigh(worth: Floats, there: Bools, weights: Floats) -> None:
    best = -np.inf
    for place in range(len(worth)):
        if there[place] and worth[place] > best:
            best = worth[place]
    for place in range(len(worth)):
        weights[place] = np.exp(max(worth[place] - best, _LEAST)) if there[place] else 0.0
