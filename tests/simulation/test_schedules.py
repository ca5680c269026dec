import numpy as np

from equipoise.random import derive
from equipoise.simulation.parts.schedules import Abrupt, Constant, Gradual, Season, draw_changes
from equipoise.simulation.parts.taste import draw_weights
from equipoise.simulation.worlds import AbruptDrift
from equipoise.types import Floats

STAGES = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, -1.0]])
CHANGES = np.array([10, 30])


def test_a_constant_taste_stays() -> None:
    assert Constant(STAGES[1]).weights(np.array([0, 10**9])).tolist() == [[2, 3], [2, 3]]


def test_an_abrupt_change_happens_at_its_round_and_not_before() -> None:
    weights = Abrupt(stages=STAGES, changes=CHANGES).weights(np.array([0, 9, 10, 29, 30, 10**6]))
    assert weights.tolist() == STAGES[[0, 0, 1, 1, 2, 2]].tolist()


def test_a_gradual_change_arrives_at_its_round_and_is_half_way_half_way() -> None:
    weights = Gradual(stages=STAGES, changes=CHANGES).weights(np.array([0, 5, 10, 20, 30, 10**6]))
    np.testing.assert_allclose(weights, [[0, 1], [1, 2], [2, 3], [3, 1], [4, -1], [4, -1]])


def test_a_season_comes_back() -> None:
    season = Season(middle=STAGES[0], swing=STAGES[1], phase=np.zeros(2), period=40)
    weights = season.weights(np.array([0, 10, 20, 30, 40]))
    np.testing.assert_allclose(weights, [[0, 1], [2, 4], [0, 1], [-2, -2], [0, 1]], atol=1e-12)


def test_changes_come_about_as_often_as_asked() -> None:
    gaps = np.diff(draw_changes(1_000, 2_000, rng=derive(0, "changes")))
    assert gaps.min() >= 500
    assert gaps.max() <= 1_500
    assert abs(gaps.mean() - 1_000) < 30


def test_drawn_weights_have_their_length_and_leave_the_constant_alone() -> None:
    weights = draw_weights(6, 0.7, rng=derive(1), count=9)
    np.testing.assert_allclose(np.linalg.norm(weights, axis=1), 0.7)
    assert (weights[:, 0] == 0).all()


def test_a_drifting_world_changes_its_mind_at_the_stated_round() -> None:
    config = AbruptDrift(every=1_000)
    change = int(config.schedule(derive(4, "abrupt_drift")).changes[0])
    shop = config.start(4)
    scene = shop.requests(change + 200)
    features, log_odds = scene.features, np.log(scene.appeals / (1 - scene.appeals))

    def fitted(rows: slice) -> Floats:
        flat = features[rows].reshape(-1, features.shape[2])
        found: Floats = np.linalg.lstsq(flat, log_odds[rows].ravel(), rcond=None)[0]
        return found

    before, just, after = (
        fitted(slice(0, 100)),
        fitted(slice(change - 100, change)),
        fitted(slice(change, None)),
    )
    np.testing.assert_allclose(before, just, atol=1e-9)
    assert np.linalg.norm(after - just) > 0.3
