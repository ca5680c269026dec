import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.attention import Attention, kept
from equipoise.random import derive
from equipoise.types import Floats, Ints


def feedback(positions: Ints, rewards: Floats, impressions: Floats | None = None) -> LoggedFeedback:
    n = len(positions)
    return LoggedFeedback(
        items=np.zeros(n, np.int64),
        features=np.ones((n, 1)),
        positions=positions,
        propensities=np.ones(n),
        rewards=rewards,
        impressions=np.ones(n) if impressions is None else impressions,
    )


def test_it_learns_how_much_positions_are_looked_at() -> None:
    positions = np.arange(40_000) % 4
    seen = derive(1, "seen").random(40_000) < 0.2 * 0.5**positions
    news = feedback(positions, seen.astype(np.float64))
    attention = Attention.none()
    attention = attention.add(news, attention.exposure(news), np.full(40_000, 0.2), keep=1.0)
    asked = feedback(np.arange(4), np.zeros(4))
    np.testing.assert_allclose(attention.looked(asked.positions), 0.5 ** np.arange(4), atol=0.03)


def test_a_late_reward_is_no_impression() -> None:
    late = feedback(np.array([0, 2]), np.ones(2), impressions=np.zeros(2))
    attention = Attention.none()
    assert (attention.exposure(late) == 0.0).all()
    assert (attention.looked(late.positions) > 0.0).all()
    assert attention.add(late, attention.exposure(late), np.ones(2), keep=1.0).scale.exposure == 0.0


def test_half_is_kept_after_a_half_life() -> None:
    news = feedback(np.zeros(6, np.int64), np.zeros(6), np.array([1.0, 1.0, 1.0, 1.0, 0.0, 0.0]))
    assert kept(news, 4.0) == pytest.approx(0.5)
