from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from equipoise.policies.bank.kernels import log_sums
from equipoise.policies.bank.state_space import BENT_UP_TO, MIXES, NEGLIGIBLE, RATES, StateSpace, design
from equipoise.random import derive
from equipoise.types import Floats, Ints

N_ITEMS = 20


def bank(n_features: int = 3, **settings: Any) -> StateSpace:
    return StateSpace.prior(n_features, constant=-2.0, constant_variance=4.0, **settings)


def taught(before: StateSpace, features: Floats, items: Ints, outcomes: Floats) -> StateSpace:
    ones = np.ones(len(items))
    return before.learn(features, items, outcomes, ones, ones > 0.0, noise=0.0)


def clicks(weights: Floats, n: int, *, terms: Any = 0.0, seed: int = 1) -> tuple[Floats, Ints, Floats]:
    """Return rows whose log-odds are features . `weights` (d,) or (n, d), and a term of the item."""
    rng = derive(seed, "clicks")
    features, items = rng.normal(size=(n, weights.shape[-1])), rng.integers(0, N_ITEMS, n)
    utilities = (features * weights).sum(axis=1) - 1.0 + (np.zeros(N_ITEMS) + terms)[items]
    return features, items, (rng.random(n) < expit(utilities)).astype(np.float64)


def arrays(state: StateSpace) -> list[Any]:
    """Return all that `state` is made of."""
    parts = [getattr(state, part.name) for part in fields(StateSpace) if part.name != "pending"]
    return [*parts, state.pending.keys, state.pending.odds]


def share(of: StateSpace, which: Any) -> float:
    return float(of.chances[which].sum())


def believing(before: StateSpace, evidence: Floats) -> StateSpace:
    """Return the bank where `evidence` (j,) is all there is for any model."""
    kinds = log_sums(evidence, before.kinds, len(before.kind_evidence))
    return replace(before, evidence=evidence, kind_evidence=kinds)


def by_mix(of: StateSpace) -> Floats:
    """Return how likely each of `MIXES` is, narrow to wide and heavy-tailed, without squares."""
    return np.asarray(of.chances.reshape(len(RATES), len(MIXES)).sum(axis=0))


@pytest.fixture(scope="module")
def still() -> StateSpace:
    return taught(bank(), *clicks(np.array([1.0, -0.8, 0.3]), 4_000))


def test_planted_weights_are_found(still: StateSpace) -> None:
    np.testing.assert_allclose(still.chances @ still.weights, [1.0, -0.8, 0.3, -1.0], atol=0.15)


def test_a_still_world_gives_the_evidence_to_slow_models_with_narrow_terms(still: StateSpace) -> None:
    narrow, middling, wide, heavy_tailed = by_mix(still)
    assert share(still, still.rates <= 1e-4) > 0.95
    assert wide < 0.05
    assert narrow + middling > 2.0 * heavy_tailed


def test_a_world_that_turns_gives_the_evidence_to_models_that_move() -> None:
    weights = np.repeat(np.array([[2.0, -2.0, 1.0], [-2.0, 2.0, -1.0]] * 2), 1_000, axis=0)
    turned = taught(bank(), *clicks(weights, 4_000))
    assert share(turned, turned.rates >= 1e-3) > 0.95
    np.testing.assert_allclose(turned.chances @ turned.weights, [-2.0, 2.0, -1.0, -1.0], atol=0.9)


@pytest.mark.parametrize(("turns", "slow"), [(1, True), (4, False)])
def test_news_that_comes_late_tells_as_well_how_fast_to_forget(turns: int, slow: bool) -> None:
    weights = np.resize(np.array([[2.0, -2.0, 1.0], [-2.0, 2.0, -1.0]]), (turns, 3)).repeat(4_000 // turns, 0)
    features, items, clicked = clicks(weights, 4_000)
    known, waiting = bank(), np.zeros(0, np.int64)
    for part in np.array_split(np.arange(4_000), 80):
        rows = np.append(part, waiting)
        first = np.arange(len(rows)) < len(part)
        known = known.learn(features[rows], items[rows], ~first * 1.0, np.ones(len(rows)), first, noise=0.0)
        waiting = part[clicked[part] > 0.0]
    assert share(known, known.rates <= 1e-5 if slow else known.rates >= 1e-4) > 0.95


def test_items_that_differ_give_the_evidence_to_wide_terms() -> None:
    terms = derive(1, "terms").normal(size=N_ITEMS)
    different = taught(bank(), *clicks(np.zeros(3), 4_000, terms=terms))
    assert by_mix(different)[2:].sum() > 0.9
    told = different.predict(np.zeros((N_ITEMS, 3)), np.arange(N_ITEMS))
    np.testing.assert_allclose(told.mean(told.means), terms - 1.0, atol=0.6)


def test_a_deviation_is_as_large_as_the_errors_it_speaks_of() -> None:
    """Over many worlds of one model, errors in units of the stated deviation are standard normal."""
    errors = []
    for seed in range(30):
        terms = derive(seed, "terms").normal(size=N_ITEMS)
        only = taught(
            bank(rates=(0.0,), mixes=(((1.0, 1.0),),)), *clicks(np.zeros(3), 600, terms=terms, seed=seed)
        )
        told = only.predict(np.zeros((N_ITEMS, 3)), np.arange(N_ITEMS))
        errors.append((terms - 1.0 - told.means[0]) / np.sqrt(told.variances[0]))
    assert np.std(errors) == pytest.approx(1.0, abs=0.12)
    assert np.mean(errors) == pytest.approx(0.0, abs=0.12)


def test_a_few_items_that_lie_very_far_are_told_from_the_many_that_lie_near() -> None:
    """Three items of a thousand are clicked half of the time where all others are one time in a hundred."""
    rng, n_items = derive(1, "few"), 1_000
    items = rng.permutation(np.repeat(np.arange(n_items), 5))
    clicked = rng.random(len(items)) < np.where(items < 3, 0.5, 0.01)
    known = taught(bank(), np.zeros((len(items), 3)), items, clicked * 1.0)
    told = known.predict(np.zeros((n_items, 3)), np.arange(n_items))
    chances, hits = told.mean(expit(told.means)), np.bincount(items, clicked)
    assert by_mix(known).argmax() == len(MIXES) - 1
    assert chances[hits >= 2].min() > 0.1
    assert chances[hits == 0].max() < 0.03


def test_how_items_differ_is_remembered_while_only_what_is_known_best_is_shown() -> None:
    """All models know by then what that item earns, and say the same of it: that is no evidence."""
    terms = np.where(np.arange(N_ITEMS) < 4, 2.5, 0.0)
    known = taught(bank(), *clicks(np.zeros(3), 2_000, terms=terms))
    before = by_mix(known)
    only = np.full(4_000, 3)
    clicked = (derive(1, "one").random(4_000) < expit(1.5)).astype(np.float64)
    after = by_mix(taught(known, derive(2, "one").normal(size=(4_000, 3)), only, clicked))
    assert before[:2].sum() < 0.01
    assert after[:2].sum() < 0.05


def test_that_an_item_is_very_good_stays_possible_until_many_have_passed_it_by() -> None:
    """Most products are clicked by one visitor of a hundred, so ten who pass one by say little."""
    only, rest = bank(rates=(0.0,), mixes=MIXES[-1:]), np.arange(4_000) % 200 + 1
    clicked = (derive(1, "rest").random(4_000) < 0.01).astype(np.float64)

    def very_good(misses: int) -> float:
        items = np.append(rest, np.zeros(misses, np.int64))
        outcomes = np.append(clicked, np.zeros(misses))
        known = taught(only, np.zeros((len(items), 3)), items, outcomes)
        told = known.predict(np.zeros((1, 3)), np.zeros(1, np.int64))
        return float(told.mean(norm.sf(logit(0.2), told.means, np.sqrt(told.variances)))[0])

    assert very_good(0) > very_good(10) > 2e-4
    assert very_good(300) < 1e-6


def test_an_item_never_seen_has_the_prior(still: StateSpace) -> None:
    told = still.predict(np.zeros((2, 3)), np.array([-1, 10_000]))
    mixes = [mix for _ in RATES for mix in MIXES]
    likely = still.chances > 0.0
    np.testing.assert_array_equal(told.own_means, 0.0)
    np.testing.assert_array_equal(told.own_variances[:, 0], told.spreads)
    shares = [part for mix, asked in zip(mixes, likely, strict=True) if asked for part, _ in mix]
    np.testing.assert_allclose(told.likely, np.column_stack([shares, shares]))
    np.testing.assert_array_equal(told.own_variances[:, 0], told.own_variances[:, 1])


def test_what_only_its_own_item_could_tell_is_all_that_is_unknown_of_one_never_seen() -> None:
    nobody = bank().predict(np.ones((1, 3)), np.array([5]))
    np.testing.assert_allclose(nobody.unheard, nobody.variances)


def test_what_was_told_of_an_item_counts_against_what_is_unknown_of_it() -> None:
    """Item 5 holds the place: the weights stay unknown, and the other items with them."""
    rng = derive(1, "one item")
    items = np.full(2_000, 5)
    known = taught(bank(), np.ones((2_000, 3)), items, (rng.random(2_000) < 0.1).astype(np.float64))
    told = known.predict(np.ones((2, 3)) * [[1.0], [-1.0]], np.array([5, 6]))
    heard, other = told.unheard[told.spreads >= 1.0].T
    assert (heard < 0.1).all()
    assert (other > 1.5).all()


def test_models_out_of_the_question_are_left_out() -> None:
    others = len(bank().rates) - 2
    unlikely = np.full(others, np.log(NEGLIGIBLE / 10))
    told = believing(bank(), np.append(np.zeros(2), unlikely)).chances
    np.testing.assert_allclose(told, [0.5, 0.5, *[0.0] * others])


def test_rows_may_come_at_once_or_in_pieces() -> None:
    features, items, outcomes = clicks(np.array([1.0, -0.8, 0.3]), 300)
    whole, pieces = taught(bank(), features, items, outcomes), bank()
    for rows in np.split(np.arange(300), [7, 100, 250]):
        pieces = taught(pieces, features[rows], items[rows], outcomes[rows])
    for one, other in zip(arrays(whole), arrays(pieces), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_models_before_stay_as_they_were(still: StateSpace) -> None:
    before = [np.copy(array) for array in arrays(still)]
    after = taught(still, *clicks(np.ones(3), 50, seed=2))
    assert not np.array_equal(after.weights, still.weights)
    for one, other in zip(before, arrays(still), strict=True):
        np.testing.assert_array_equal(one, other)


def bent_clicks(bend: float) -> tuple[Floats, Ints, Floats]:
    """Return rows whose log-odds are straight in a feature, and `bend` times the square of another."""
    features, items, _ = clicks(np.zeros(2), 4_000)
    utilities = features[:, 0] + bend * (features[:, 1] ** 2 - 1.0) - 1.0
    return features, items, (derive(2, "bent").random(len(items)) < expit(utilities)).astype(np.float64)


@pytest.mark.parametrize("bend", [0.0, -0.6])
def test_a_taste_for_the_middle_gives_the_evidence_to_models_that_see_squares(bend: float) -> None:
    known = taught(bank(2, bent=True), *bent_clicks(bend))
    assert (share(known, known.begins == 0) > 0.95) == (bend != 0.0)
    told = known.predict(np.array([[0.0, -1.5], [0.0, 0.0], [0.0, 1.5]]), np.full(3, -1))
    expected = bend * np.array([1.25, -1.0, 1.25]) - 1.0
    np.testing.assert_allclose(told.mean(told.means), expected, atol=0.25)


def test_models_that_see_no_squares_are_those_of_a_bank_without_them() -> None:
    rows = bent_clicks(-0.6)
    straight, both = taught(bank(2), *rows), taught(bank(2, bent=True), *rows)
    plain = np.flatnonzero(both.begins)
    np.testing.assert_array_equal(both.weights[plain, 2:], straight.weights)
    np.testing.assert_array_equal(both.weights[plain, :2], 0.0)
    np.testing.assert_array_equal(both.covariances[plain, 2:, 2:], straight.covariances)


def test_what_is_predicted_is_the_same_whether_or_not_a_model_that_sees_squares_is_likely() -> None:
    features, items = derive(3, "asked").normal(size=(5, 2)), np.arange(5)
    known = taught(bank(2, bent=True), *bent_clicks(0.0))
    known = believing(known, np.where(known.begins == 0, -1.0, 0.0))
    without = believing(known, np.where(known.begins == 0, -99.0, 0.0))
    one, other = known.predict(features, items), without.predict(features, items)
    straight = len(other.means)
    assert straight < len(one.means)
    np.testing.assert_allclose(one.means[:straight], other.means, atol=1e-12)
    np.testing.assert_allclose(one.variances[:straight], other.variances, atol=1e-12)


def test_a_world_that_turns_after_a_long_time_is_believed_as_soon_as_one_that_turns_early() -> None:
    turned = []
    for still in (1_000, 6_000):
        weights = np.repeat(np.array([[2.0, -2.0, 1.0], [-2.0, 2.0, -1.0]]), [still, 600], axis=0)
        features, items, outcomes = clicks(weights, still + 600)
        known = taught(bank(), features, items, outcomes)
        turned.append(known.chances @ known.weights)
    np.testing.assert_allclose(turned[0][:3], turned[1][:3], atol=0.8)
    assert (np.sign(turned) == np.sign([-2.0, 2.0, -1.0, -1.0])).all()


def test_a_constant_is_the_last_column_and_squares_are_the_first() -> None:
    features = np.array([[2.0, 0.0], [-1.0, 100.0]], np.float32)
    np.testing.assert_array_equal(design(features, 3), [[2.0, 0.0, 1.0], [-1.0, 100.0, 1.0]])
    squares = np.array([[3.0, -1.0], [0.0, BENT_UP_TO**2 - 1.0]])
    np.testing.assert_array_equal(design(features, 5), np.hstack([squares, design(features, 3)]))
    assert design(features, 3).dtype == np.float64
