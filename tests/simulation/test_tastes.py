import numpy as np
import pytest

from equipoise.data.interactions import Interactions
from equipoise.random import derive
from equipoise.simulation import TasteModel, Tastes
from equipoise.simulation.logistic import fit_logistic, sigmoid

from .conftest import GROUPS, ITEMS, PEOPLE, SIZE


def test_shoppers_like_the_group_they_bought(tastes: Tastes) -> None:
    utilities = tastes.all_utilities(np.arange(PEOPLE)).reshape(PEOPLE, GROUPS, SIZE).mean(axis=2)
    assert (utilities.argmax(axis=1) == np.arange(PEOPLE) % GROUPS).all()


def test_segments_are_the_groups(tastes: Tastes) -> None:
    for group in range(GROUPS):
        assert len(np.unique(tastes.segments[group::GROUPS])) == 1
    assert len(np.unique(tastes.segments)) == GROUPS


def test_drift_moves_one_segment_and_no_other(tastes: Tastes) -> None:
    segment, towards = int(tastes.segments[0]), int(tastes.segments[1])
    moved = tastes.drifted(segment, towards)
    utilities = moved.all_utilities(np.arange(PEOPLE)).reshape(PEOPLE, GROUPS, SIZE).mean(axis=2)
    liked = np.arange(PEOPLE) % GROUPS
    assert (utilities.argmax(axis=1) == np.where(liked == 0, 1, liked)).all()
    assert tastes.farthest(segment) != segment


def test_a_late_arrival_is_not_slighted(orders: Interactions) -> None:
    late = orders.items == 40
    keep = ~late | (orders.times >= 5)
    some = orders.where(keep)
    fitted = TasteModel(rank=2, segments=GROUPS, least_share=0.01).fit(
        some, np.ones(ITEMS), rng=derive(7, "tastes")
    )
    whole = TasteModel(rank=2, segments=GROUPS, least_share=0.01).fit(
        orders, np.ones(ITEMS), rng=derive(7, "tastes")
    )
    sold = np.bincount(some.items, minlength=ITEMS)[40] / np.bincount(orders.items, minlength=ITEMS)[40]
    assert sold < 0.6
    assert fitted.demand[40] > whole.demand[40] + np.log(sold) / 2


def test_the_same_seed_gives_the_same_tastes(orders: Interactions, tastes: Tastes) -> None:
    prices = np.where(np.arange(ITEMS) % 2 == 0, 1.0, 4.0)
    again = TasteModel(rank=2, segments=GROUPS).fit(orders, prices, rng=derive(7, "tastes"))
    assert (again.weights == tastes.weights).all()
    assert (again.shoppers == tastes.shoppers).all()


def test_logistic_regression_finds_the_planted_weights() -> None:
    rng = derive(7, "logistic")
    features = rng.normal(size=(20_000, 2))
    labels = rng.random(20_000) < sigmoid(-1.0 + features @ np.array([2.0, -0.5]))
    assert fit_logistic(features, labels.astype(float)) == pytest.approx([-1.0, 2.0, -0.5], abs=0.1)
