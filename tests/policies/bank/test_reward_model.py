from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.bank import RewardModel
from equipoise.policies.bank.draws import Draws
from equipoise.policies.bank.kernels import log_sums
from equipoise.policies.bank.state_space import MIXES
from equipoise.random import derive
from equipoise.types import Floats, Ints

LOOKED = np.array([1.0, 0.5, 0.25])
CHANCES = np.array([0.4, 0.2, 0.3, 0.1, 0.25, 0.15])
WORTH = np.array([10.0, 40.0, 20.0, 80.0, 5.0, 30.0])


def shown(items: Any, rewards: Any, *, positions: Any = 0, seen: Any = 1.0, d: int = 1) -> LoggedFeedback:
    n = len(items)
    return LoggedFeedback(
        items=np.asarray(items),
        features=np.zeros((n, d)),
        positions=np.zeros(n, np.int64) + positions,
        propensities=np.ones(n),
        rewards=np.asarray(rewards, np.float64),
        impressions=np.zeros(n) + seen,
    )


def taught(news: LoggedFeedback, *, pieces: int = 40) -> RewardModel:
    model = RewardModel.prior(news.features.shape[1])
    for part in np.array_split(np.arange(len(news)), pieces):
        model = model.learn(
            shown(
                news.items[part],
                news.rewards[part],
                positions=news.positions[part],
                seen=news.impressions[part],
            )
        )
    return model


def means(model: RewardModel, items: Any) -> Floats:
    return model.means(np.asarray(items), np.zeros((len(items), 1)))


@pytest.fixture(scope="module")
def sold() -> LoggedFeedback:
    """Return slates of 3 of 6 items: the first three items stand low, money is log-normal."""
    rng, n = derive(1, "sold"), 3_000
    order = np.argsort(rng.normal(size=(n, 6)) + 0.8 * (np.arange(6) < 3), axis=1)[:, :3]
    items, positions = order.reshape(-1), np.tile(np.arange(3), n)
    bought = rng.random(3 * n) < LOOKED[positions] * CHANCES[items]
    amounts = WORTH[items] * np.exp(0.5 * rng.standard_normal(3 * n) - 0.125)
    return shown(items, bought * amounts, positions=positions)


@pytest.fixture(scope="module")
def shop(sold: LoggedFeedback) -> RewardModel:
    return taught(sold)


def test_the_mean_reward_on_top_is_chance_times_amount(shop: RewardModel) -> None:
    np.testing.assert_allclose(means(shop, range(6)), CHANCES * WORTH, rtol=0.3)


def test_how_likely_positions_are_looked_at_is_learnt(shop: RewardModel) -> None:
    np.testing.assert_allclose(shop.looked(np.arange(3)), LOOKED, atol=0.12)


def test_terms_are_of_chances_not_of_amounts(shop: RewardModel) -> None:
    terms, deviations = shop.item_terms(7)
    np.testing.assert_array_equal(np.argsort(-terms[:6])[:2], [0, 2])
    assert np.argmin(terms[:6]) == 3
    assert terms[6] == 0.0
    assert (deviations[:6] < 0.5 * deviations[6]).all()


def test_a_request_is_counted_where_its_top_is_first_told_of() -> None:
    model = RewardModel.prior(1).learn(shown([0, 1, 2, 3], np.zeros(4), positions=[0, 1, 0, 1]))
    assert (model.requests, model.turn) == (2.0, 1)
    late = model.learn(shown([0, 1], [1.0, 1.0], positions=[0, 1], seen=0.0))
    assert (late.requests, late.turn) == (2.0, 2)
    assert late.learn(shown([], [])) is late


def test_late_rewards_are_worth_what_the_same_at_once_is() -> None:
    rng = derive(1, "late")
    items = rng.integers(0, 2, 4_000)
    earned = (rng.random(4_000) < np.array([0.05, 0.1])[items]) * 5.0
    model = RewardModel.prior(1)
    waiting = shown([], [])
    for part in np.array_split(np.arange(4_000), 40):
        model = model.learn(shown(items[part], np.zeros(len(part)))).learn(waiting)
        bought = part[earned[part] > 0.0]
        waiting = shown(items[bought], earned[bought], seen=0.0)
    np.testing.assert_allclose(means(model, [0, 1]), [0.25, 0.5], rtol=0.3)


def crowded(n_items: int) -> RewardModel:
    """Return a shop of `n_items`, of which only the first and the last were shown, 200 times each."""
    rng = derive(1, "crowded")
    items = np.tile([0, n_items - 1], 200)
    return RewardModel.prior(1).learn(shown(items, (rng.random(400) < 0.3) * 1.0))


def spread(model: RewardModel, items: Ints) -> Floats:
    found: Floats = model.drawn(items[None], np.zeros((1, len(items), 1))).draws[0].std(axis=1)
    return found


def test_what_many_items_leave_no_time_to_learn_is_not_drawn() -> None:
    asked = np.array([1, 2, 3])
    few, some, many = (spread(crowded(n), asked).mean() for n in (10, 1_000, 100_000))
    assert few > 1.2 * some > 1.44 * many


def test_draws_have_the_mean_that_is_believed(shop: RewardModel) -> None:
    items, features = np.array([[0, 3, -1], [9, 5, 1]]), np.zeros((2, 3, 1))
    drawn = shop.drawn(items, features)
    np.testing.assert_allclose(drawn.means, shop.means(items, features))
    np.testing.assert_allclose(drawn.draws.mean(axis=2), drawn.means)


def test_what_was_served_between_two_updates_says_how_many_candidates_are_tried() -> None:
    model = RewardModel.prior(1)
    asked = np.array([[0, 1]]), np.zeros((1, 2, 1))
    assert model.drawn(*asked).groups == 4
    model = model.learn(shown(np.zeros(200, np.int64), np.zeros(200)))
    assert model.drawn(*asked).groups == 20
    model = model.learn(shown(np.zeros(5, np.int64), np.zeros(5)))
    assert model.drawn(*asked).groups == 4
    assert model.requests == 205.0


def test_trials_halve_the_variance_of_a_term() -> None:
    """After as many impressions as `trials`, half of what was unknown of an item is known."""
    model = crowded(10)
    bank = model.occurrence
    still_and_wide = MIXES.index(((1.0, 1.0),))  # the first models are the still ones
    sure = np.where(np.arange(len(bank.rates)) == still_and_wide, 0.0, -99.0)
    bank = replace(bank, evidence=sure, kind_evidence=log_sums(sure, bank.kinds, len(bank.kind_evidence)))
    model = replace(model, occurrence=bank, draws=Draws.of(bank, 1, purpose="test"))
    trials = round(float(model.drawn(np.array([[3]]), np.zeros((1, 1, 1))).trials[0, 0]))
    before = model.item_terms(10)[1][3]
    chance = float(means(model, [3])[0])
    rewards = np.diff(np.floor(chance * np.arange(trials + 1)))
    after = model.learn(shown(np.full(trials, 3), rewards)).item_terms(10)[1][3]
    assert (after / before) ** 2 == pytest.approx(0.5, abs=0.15)


def test_how_unsure_a_term_is_counts_what_models_and_parts_disagree_about() -> None:
    """As by drawing a model, a part of its mix, and a term."""
    model = RewardModel.prior(1).learn(shown(np.arange(400) % 4, np.arange(400) % 4 == 3))
    told = model.occurrence.predict(np.zeros((4, 1)), np.arange(4))
    rng, parts = derive(1, "terms"), np.repeat(told.chances, np.diff(told.starts))[:, None] * told.likely
    for item in range(4):
        part = rng.choice(len(parts), 200_000, p=parts[:, item] / parts[:, item].sum())
        terms = rng.normal(told.own_means[part, item], np.sqrt(told.own_variances[part, item]))
        mean, deviation = (each[item] for each in model.item_terms(4))
        assert mean == pytest.approx(terms.mean(), abs=0.02)
        assert deviation == pytest.approx(terms.std(), rel=0.02)


@pytest.mark.parametrize(("requests", "per_item"), [(400, 10_000), (20_000, 20_000)])
def test_an_old_shop_has_as_much_ahead_as_behind_and_a_young_one_enough(requests: int, per_item: int) -> None:
    items = np.arange(requests) % 4
    model = RewardModel.prior(1).learn(shown(items, items == 0))
    drawn = model.drawn(np.array([[0, 1]]), np.zeros((1, 2, 1)))
    assert drawn.ahead == pytest.approx(per_item * 2 / 4)


def test_a_prior_ranks_before_anything_is_known() -> None:
    model = RewardModel.prior(2, np.array([0.02, 0.05]))
    features = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    told = model.means(np.arange(3), features)
    assert (np.diff(told) > 0.0).all()


def test_a_wrong_prior_is_unlearnt() -> None:
    rng = derive(1, "unlearnt")
    features = np.column_stack([np.ones(3_000), rng.integers(0, 2, 3_000)]).astype(np.float64)
    rewards = (rng.random(3_000) < np.where(features[:, 1] > 0.0, 0.05, 0.3)) * 1.0
    news = shown(np.zeros(3_000, np.int64), rewards, d=2)
    news = LoggedFeedback(
        items=news.items,
        features=features,
        positions=news.positions,
        propensities=news.propensities,
        rewards=rewards,
        impressions=news.impressions,
    )
    model = RewardModel.prior(2, np.array([0.05, 0.2])).learn(news)
    told = model.means(np.zeros(2, np.int64), np.array([[1.0, 0.0], [1.0, 1.0]]))
    np.testing.assert_allclose(told, [0.3, 0.05], rtol=0.25)


def test_feedback_of_another_width_is_refused() -> None:
    with pytest.raises(BadInputError, match="features: the policy knows 3, but the feedback has 1"):
        RewardModel.prior(3).learn(shown([0], [1.0]))
