"""What each world is for, shown on its truth."""

import numpy as np
import pytest

from equipoise.policies.policy import Slates
from equipoise.simulation import worlds
from equipoise.types import Floats, Ints


def slates_of(actions: Ints) -> Slates:
    return Slates(
        actions=actions,
        propensities=np.ones(actions.shape),
        explored=np.zeros(actions.shape, dtype=bool),
        exploration=np.zeros(len(actions)),
    )


def linear_fit(features: Floats, target: Floats) -> float:
    """Share of the variance of `target` that is linear in `features`."""
    flat, aim = features.reshape(-1, features.shape[2]), target.ravel()
    rest = aim - flat @ np.linalg.lstsq(flat, aim, rcond=None)[0]
    return float(1 - rest.var() / aim.var())


def log_odds(appeals: Floats) -> Floats:
    return np.log(appeals / (1 - appeals))


@pytest.mark.parametrize(
    ("world", "rate"),
    [
        (worlds.SparseClicks(), 0.02),
        (worlds.SameItems(), 0.05),
        (worlds.Revenue(), 0.05),
        (worlds.Season(), 0.03),
    ],
)
def test_clicks_are_as_rare_as_stated(world: worlds.SparseClicks, rate: float) -> None:
    assert abs(world.start(1).requests(10_000).appeals.mean() / rate - 1) < 0.1


def test_linear_is_linear_and_nonlinear_is_not() -> None:
    straight = worlds.Linear().start(2).requests(500)
    assert linear_fit(straight.features, straight.appeals) > 0.999
    bent = worlds.Nonlinear().start(2).requests(500)
    assert 0.3 < linear_fit(bent.features, log_odds(bent.appeals)) < 0.7


def test_the_same_items_face_everyone_and_their_features_say_little() -> None:
    scene = worlds.SameItems().start(3).requests(50)
    assert (scene.appeals == scene.appeals[0]).all()
    assert linear_fit(scene.features, log_odds(scene.appeals)) < 0.35


def test_turnover_replaces_the_catalogue_item_by_item() -> None:
    shop = worlds.Turnover(every=20).start(4)
    first, later = shop.requests(1_000).items, shop.requests(20_000).items
    assert first.max() < 1_000 + 50
    assert later[-1_000:].min() >= 1_000
    assert len(np.unique(later[-1_000:])) > 900


def test_purchases_arrive_late_and_some_never() -> None:
    shop = worlds.DelayedPurchases(purchase_rate=0.3).start(5)
    scene = shop.requests(4_000)
    slates = slates_of(np.zeros((4_000, 1), dtype=np.int64))
    assert shop.react(scene, slates).sum() == 0
    assert len(shop.late()) == 0
    arrived = []
    for _ in range(20):
        shop.requests(100)
        arrived.append(shop.late().rewards.sum())
    assert all(amount > 0 for amount in arrived[:10])
    assert sum(arrived[10:]) == 0, "the window is 1,000 rounds"
    bought = scene.appeals[:, 0].sum()
    credited = shop.plan.delay.credited
    assert credited < 0.9
    assert abs(sum(arrived) - bought * credited) < 4 * np.sqrt(bought)


def test_the_impatient_segment_sees_less_of_the_same_slate() -> None:
    shop = worlds.Segments().start(6)
    scene = shop.requests(3_000)
    ends = [scene.patience == patience for patience in (0.95, 0.3)]
    values = shop.value(scene, slates_of(np.tile(np.arange(5), (3_000, 1))))
    best_alone = shop.value(scene, slates_of(np.zeros((3_000, 1), dtype=np.int64)))
    gains = [(values[rows] - best_alone[rows]).mean() for rows in ends]
    assert gains[0] > 3 * gains[1]


def test_what_sells_best_is_not_what_earns_most() -> None:
    scene = worlds.Revenue().start(7).requests(1_000)
    likeliest, dearest = scene.appeals.argmax(axis=1), (scene.appeals * scene.worths).argmax(axis=1)
    assert (likeliest != dearest).mean() > 0.3
