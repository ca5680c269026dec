from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest

from equipoise.policies.bank.draws import DRAWS, NORMALS, Draws
from equipoise.policies.bank.kernels import log_sums
from equipoise.policies.bank.state_space import StateSpace, Utilities
from equipoise.random import derive
from equipoise.types import Floats

N = 2_000
ITEMS = np.arange(N)


@pytest.fixture
def bank() -> StateSpace:
    """Return a bank of which three models are likely, the last with a mix of four parts."""
    prior = StateSpace.prior(2, constant=-1.0, constant_variance=4.0)
    mixed = int(np.flatnonzero(np.diff(prior.starts) == 4)[-1])
    evidence = np.full(len(prior.rates), -50.0)
    evidence[[1, 4, mixed]] = np.log([0.5, 0.3, 0.2])
    kinds = log_sums(evidence, prior.kinds, len(prior.kind_evidence))
    return replace(prior, evidence=evidence, kind_evidence=kinds)


def told(bank: StateSpace, means: Any = 0.0) -> Utilities:
    """Return what is told of `ITEMS` where parts have such `means` (6, N)."""
    prior = bank.predict(np.zeros((N, 2)), ITEMS)
    return replace(prior, means=np.zeros(prior.means.shape) + np.asarray(means))


def terms(bank: StateSpace, turn: int, means: Any = 0.0, deviations: Any = 1.0) -> Floats:
    """Return what was drawn, (N, DRAWS)."""
    utilities = told(bank, means)
    variances = np.zeros(utilities.means.shape) + np.asarray(deviations) ** 2
    return Draws.of(bank, turn, purpose="test").utilities(ITEMS, utilities, variances)


def test_a_turn_is_told_the_same_again_and_another_turn_something_else(bank: StateSpace) -> None:
    np.testing.assert_array_equal(terms(bank, 3), terms(bank, 3))
    shared = np.isclose(terms(bank, 3), terms(bank, 4)).mean()
    assert shared < 0.001


def test_an_item_is_drawn_alike_whatever_stands_beside_it(bank: StateSpace) -> None:
    draws, means = Draws.of(bank, 3, purpose="test"), derive(1, "means").normal(size=(6, N))
    ones, backwards = np.ones((6, N)), told(bank, means[:, ::-1])
    whole = draws.utilities(ITEMS, told(bank, means), ones)
    np.testing.assert_array_equal(whole, draws.utilities(ITEMS[::-1], backwards, ones)[::-1])


def test_models_are_drawn_as_often_as_they_are_likely(bank: StateSpace) -> None:
    for turn in range(5):
        likely = bank.chances[bank.chances > 0.0]
        drawn = np.bincount(Draws.of(bank, turn, purpose="test").models, minlength=len(likely))
        np.testing.assert_allclose(drawn, DRAWS * likely, atol=1.0)


def test_without_doubt_about_terms_a_draw_is_one_of_the_parts_of_its_model(bank: StateSpace) -> None:
    models = Draws.of(bank, 1, purpose="test").models
    drawn = terms(bank, 1, np.arange(6.0)[:, None], 0.0)
    for model, parts in enumerate([{0.0}, {1.0}, {2.0, 3.0, 4.0, 5.0}]):
        assert set(drawn[:, models == model].ravel()) == parts


def test_parts_are_drawn_as_often_as_they_are_likely_for_each_item_by_itself(bank: StateSpace) -> None:
    models = Draws.of(bank, 1, purpose="test").models
    drawn = terms(bank, 1, np.arange(6.0)[:, None], 0.0)[:, models == 2]
    shares = [(drawn == part).mean() for part in (2.0, 3.0, 4.0, 5.0)]
    np.testing.assert_allclose(shares, told(bank).likely[2:, 0], atol=0.01)
    by_chance = np.sqrt(2 / np.pi / drawn.shape[1])
    assert np.abs(np.corrcoef(drawn[:200]) - np.eye(200)).mean() == pytest.approx(by_chance, rel=0.15)


def test_the_part_says_nothing_of_the_value_within_it(bank: StateSpace) -> None:
    models = Draws.of(bank, 1, purpose="test").models
    parts = terms(bank, 1, np.arange(6.0)[:, None], 0.0)[:, models == 2]
    values = terms(bank, 1, 0.0, 1.0)[:, models == 2]
    for part in (2.0, 3.0, 4.0, 5.0):
        assert values[parts == part].mean() == pytest.approx(0.0, abs=0.05)
        assert values[parts == part].std() == pytest.approx(1.0, abs=0.05)


def test_terms_are_normal_about_the_mean_and_by_the_deviation_of_the_model_drawn(bank: StateSpace) -> None:
    means, deviations = np.array([0.0, 1.0, 2.0, 2.0, 2.0, 2.0]), np.array([0.1, 1.5, 3.0, 3.0, 3.0, 3.0])
    drawn, models = (
        terms(bank, 2, means[:, None], deviations[:, None]),
        Draws.of(bank, 2, purpose="test").models,
    )
    standard = (drawn - means[models]) / deviations[models]
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
