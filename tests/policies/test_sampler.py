"""Slates under weighings made up for the test."""

from itertools import permutations

import numpy as np
import pytest
from scipy.special import softmax

from equipoise.policies.policy import NOTHING
from equipoise.policies.sampler import Slot, draw_slates, replay_slates, worth_left
from equipoise.random import derive
from equipoise.types import Floats, Ints


def softmaxed(slot: Slot) -> Floats:
    weights: Floats = np.exp(slot.left - slot.best)
    return weights


def half_greedy(slot: Slot) -> Floats:
    """Half to the best left, half spread evenly over what is left."""
    top, there = slot.left == slot.best, slot.left > -np.inf
    weights: Floats = 0.5 * top / np.maximum(top.sum(axis=1, keepdims=True), 1)
    weights += 0.5 * there / np.maximum(there.sum(axis=1, keepdims=True), 1)
    return weights


UTILITIES = np.array([[0.3, -1.0, 1.2, 0.0]])


def test_a_weighing_knows_how_much_was_explored_above() -> None:
    seen: list[int] = []

    def noted(slot: Slot) -> Floats:
        seen.append(int(slot.explored[0, 0]))
        return softmaxed(slot)

    replay_slates(UTILITIES, noted, np.array([[1, 2, 3, 0]]))
    assert seen == [0, 1, 1, 2]


def test_fixed_utilities_are_the_plackett_luce_law() -> None:
    for slate in permutations(range(4), 3):
        left: Floats = softmax(UTILITIES[0])
        expected: list[float] = []
        for place in slate:
            expected.append(float(left[place] / left.sum()))
            left[place] = 0.0
        chances = replay_slates(UTILITIES, softmaxed, np.array([slate]))
        np.testing.assert_allclose(chances[0], expected)


def _frequencies(slates: Ints) -> Floats:
    return np.bincount(4 * slates[:, 0] + slates[:, 1], minlength=16) / len(slates)


def test_fixed_utilities_draw_like_perturbed_ones() -> None:
    """Gumbel top-k (Kool et al., 2019) has the same law over ordered slates."""
    n, rng = 60_000, derive(1, "gumbel")
    perturbed = np.argsort(-(UTILITIES + rng.gumbel(size=(n, 4))), axis=1)[:, :2]
    drawn = draw_slates(np.repeat(UTILITIES, n, axis=0), softmaxed, 2, rng=rng).actions
    np.testing.assert_allclose(_frequencies(drawn), _frequencies(perturbed), atol=0.01)


def test_a_weighing_may_depend_on_what_is_left() -> None:
    chances = replay_slates(UTILITIES, half_greedy, np.array([[2, 1, 0]]))
    np.testing.assert_allclose(chances[0], [0.5 + 0.5 / 4, 0.5 / 3, 0.5 + 0.5 / 2])
    slates = draw_slates(np.repeat(UTILITIES, 50_000, axis=0), half_greedy, 1, rng=derive(2, "half"))
    assert slates.explored.mean() == pytest.approx(3 / 8, abs=0.01)
    np.testing.assert_allclose(slates.exploration, 3 / 8)


def test_the_rarest_drawn_action_has_a_positive_chance() -> None:
    left = np.repeat(np.array([[0.0, -30.0, -700.0, -1e4]]), 20_000, axis=0)
    slates = draw_slates(left, softmaxed, 4, rng=derive(3, "rare"))
    assert (slates.propensities > 0.0).all()
    assert (slates.actions[:, 0] == 0).all()


def test_worths_are_made_finite_and_masked() -> None:
    worth = np.array([[np.nan, np.inf, -np.inf, 1.0, 2.0]])
    left = worth_left(worth, np.array([[1, 2, 3, 4, NOTHING]]))
    assert np.isfinite(left[0, :4]).all()
    assert left[0, 0] == left[0, 2] < left[0, 3] < left[0, 1]
    assert left[0, 4] == -np.inf


def test_rows_of_unlike_length_stay_apart() -> None:
    items = np.array([[1, 2, 3], [4, NOTHING, NOTHING], [NOTHING, NOTHING, NOTHING]])
    left = worth_left(np.zeros((3, 3)), items)
    slates = draw_slates(left, softmaxed, 3, rng=derive(4, "ragged"))
    assert ((slates.actions != NOTHING).sum(axis=1) == [3, 1, 0]).all()
    np.testing.assert_allclose(slates.propensities, [[1 / 3, 1 / 2, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    assert (slates.exploration == 0.0).all()


def test_the_mass_left_does_not_cancel() -> None:
    """After the giant is drawn, the dwarfs still share all that is left exactly."""
    left = np.array([[0.0, -36.0, -36.0, -36.0]])
    chances = replay_slates(left, softmaxed, np.array([[0, 1, 2, 3]]))
    np.testing.assert_allclose(chances[0, 1:], [1 / 3, 1 / 2, 1.0])


def test_single_precision_is_no_trouble() -> None:
    worth = worth_left(np.array([[0.5, np.nan]], np.float32), np.array([[3, 4]]))
    assert worth.dtype == np.float64
    assert worth[0, 0] == 0.5
    assert np.isfinite(worth).all()
