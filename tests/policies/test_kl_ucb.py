from typing import Any

import numpy as np
from scipy.special import rel_entr

from equipoise.policies import KlUcb
from equipoise.policies.kl_ucb import upper_bounds
from equipoise.random import derive
from equipoise.types import Floats


def bisected(p: Floats, far: Floats) -> Floats:
    low, high = p.copy(), np.ones_like(p)
    for _ in range(100):
        middle = (low + high) / 2
        inside = rel_entr(p, middle) + rel_entr(1 - p, 1 - middle) <= far
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return low


def test_the_bound_is_where_the_divergence_is_reached() -> None:
    rng = derive(1, "bounds")
    p = np.concatenate(
        [rng.random(500), 10.0 ** -rng.uniform(0, 8, 500), 1 - 10.0 ** -rng.uniform(1, 8, 200)]
    )
    far = 10.0 ** rng.uniform(-8, 2, 1_200)
    np.testing.assert_allclose(upper_bounds(p, far), bisected(p, far), atol=1e-10)


def test_the_ends() -> None:
    p, far = np.array([0.0, 0.0, 1.0, 1.0, 0.3]), np.array([0.0, 0.5, 0.0, 5.0, 0.0])
    np.testing.assert_allclose(upper_bounds(p, far), [0.0, 1 - np.exp(-0.5), 1.0, 1.0, 0.3])


def test_it_loses_less_than_uniform_on_rare_clicks_and_finds_the_best(played: Any) -> None:
    rates = np.array([0.02, 0.2, 0.05, 0.02, 0.05, 0.02])
    _, shares = played(KlUcb().start(1), rates, 6_000)
    assert np.argmax(shares) == 1
    assert shares[1] > 0.6


def test_unseen_items_come_first_and_share(offer: Any, shown: Any) -> None:
    policy = KlUcb().start(1).update(shown([0] * 50, [1.0] + [0.0] * 49))
    chances = [policy.propensities(offer(0, 1, 2), np.array([[place]]))[0, 0] for place in range(3)]
    assert chances == [0.0, 0.5, 0.5]


def test_money_and_losses_are_scaled(played: Any) -> None:
    _, shares = played(KlUcb().start(1), np.array([0.1, 0.6, 0.2]), 3_000, size=40.0)
    assert np.argmax(shares) == 1
