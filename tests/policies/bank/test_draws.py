from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest

from equipoise.policies.bank.draws import DRAWS, NORMALS, Draws
from equipoise.policies.bank.state_space import StateSpace
from equipoise.random import derive
from equipoise.types import Floats

N = 2_000
ITEMS = np.arange(N)


@pytest.fixture
def bank() -> StateSpace:
    """Return twelve models of different weights, of which three are likely."""
    prior = StateSpace.prior(2, constant=-1.0, constant_variance=4.0)
    evidence = np.full(12, -50.0)
    evidence[[1, 4, 10]] = np.log([0.5, 0.3, 0.2])
    return replace(prior, evidence=evidence, weights=derive(1, "weights").normal(size=(12, 3)))


def told(bank: StateSpace, means: Any = 0.0, deviations: Any = 0.0) -> tuple[Floats, Floats]:
    """Return means and variances, (3, N)."""
    shape = np.zeros((int((bank.chances > 0.0).sum()), N))
    return shape + np.asarray(means), shape + np.asarray(deviations) ** 2


def terms(bank: StateSpace, turn: int, means: Any = 0.0, deviations: Any = 1.0) -> Floats:
    """Return what was drawn, (N, DRAWS)."""
    return Draws.of(bank, turn, purpose="test").utilities(ITEMS, *told(bank, means, deviations))


def test_a_turn_is_told_the_same_again_and_another_turn_something_else(bank: StateSpace) -> None:
    np.testing.assert_array_equal(terms(bank, 3), terms(bank, 3))
    shared = np.isclose(terms(bank, 3), terms(bank, 4)).mean()
    assert shared < 0.001


def test_an_item_is_drawn_alike_whatever_stands_beside_it(bank: StateSpace) -> None:
    draws, means = Draws.of(bank, 3, purpose="test"), derive(1, "means").normal(size=(3, N))
    whole = draws.utilities(ITEMS, *told(bank, means, 1.0))
    back = draws.utilities(ITEMS[::-1], *told(bank, means[:, ::-1], 1.0))
    np.testing.assert_array_equal(whole, back[::-1])


def test_models_are_drawn_as_often_as_they_are_likely(bank: StateSpace) -> None:
    for turn in range(5):
        likely = bank.chances[bank.chances > 0.0]
        drawn = np.bincount(Draws.of(bank, turn, purpose="test").models, minlength=len(likely))
        np.testing.assert_allclose(drawn, DRAWS * likely, atol=1.0)


def test_without_doubt_about_terms_a_draw_is_its_model(bank: StateSpace) -> None:
    draws, means = Draws.of(bank, 1, purpose="test"), derive(1, "means").normal(size=(3, N))
    np.testing.assert_array_equal(draws.utilities(ITEMS, *told(bank, means)), means[draws.models].T)


def test_terms_are_normal_about_the_mean_and_by_the_deviation_of_the_model_drawn(bank: StateSpace) -> None:
    means, deviations = np.arange(3.0)[:, None], np.linspace(0.1, 3.0, 3)[:, None]
    drawn, models = terms(bank, 2, means, deviations), Draws.of(bank, 2, purpose="test").models
    standard = (drawn - means[models, 0]) / deviations[models, 0]
    assert standard.mean() == pytest.approx(0.0, abs=0.01)
    assert standard.std() == pytest.approx(1.0, abs=0.01)
    assert np.abs(np.corrcoef(standard[:300]) - np.eye(300)).mean() == pytest.approx(
        np.sqrt(2 / np.pi / DRAWS), rel=0.1
    )


def test_draws_of_an_item_are_as_apart_as_those_of_chance(bank: StateSpace) -> None:
    """A set of 100 normal numbers has a mean of deviation 0.1."""
    drawn = terms(bank, 2)
    assert drawn.mean(axis=1).std() == pytest.approx(0.1, rel=0.2)
    assert drawn.std(axis=1).mean() == pytest.approx(1.0, abs=0.02)


def test_the_table_of_normal_numbers_is_normal() -> None:
    assert kstest(NORMALS, "norm").statistic < 1e-4
    assert abs(np.corrcoef(NORMALS[1:], NORMALS[:-1])[0, 1]) < 0.02
