"""A reward model of items for learning: what each earns beyond its position, in other decisions."""

from dataclasses import replace

import numpy as np

from equipoise.random import derive
from equipoise.training.offpolicy.choices import Choices
from equipoise.types import Bools, Floats

PRIOR = 100.0
"""An item's mean is drawn to 0 by so many impressions."""


def guessed(choices: Choices, *, seed: int, folds: int = 2) -> Choices:
    """Return `choices` with guesses of each candidate, by what its item earned in the other folds."""
    part = derive(seed, "guesses").integers(folds, size=len(choices))
    guesses = np.empty(choices.items.shape, np.float32)
    for fold in range(folds):
        inside = part == fold
        guesses[inside] = np.append(_items(choices, ~inside), 0.0)[choices.items[inside]]
    return replace(choices, guesses=guesses)


def of_actions(choices: Choices) -> Floats:
    """Return the guesses of what was logged, (n, k), 0 where a slate ended."""
    assert choices.guesses is not None
    taken = np.take_along_axis(choices.guesses, np.maximum(choices.actions, 0), axis=1)
    return np.where(choices.filled, taken, 0.0)


def _items(choices: Choices, rows: Bools) -> Floats:
    """Return what each item earned beyond its positions in `rows`, (n_items,), drawn to 0."""
    filled = choices.filled[rows]
    shown = np.take_along_axis(choices.items[rows], np.maximum(choices.actions[rows], 0), axis=1)[filled]
    beyond = (choices.rewards[rows] - choices.means())[filled]
    counts = np.bincount(shown, minlength=choices.n_items)
    means: Floats = np.bincount(shown, weights=beyond, minlength=choices.n_items) / (counts + PRIOR)
    return means
