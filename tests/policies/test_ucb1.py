from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import Ucb1

RATES = np.array([0.05, 0.9, 0.1, 0.05, 0.2])


def bounds(policy: Any, options: Any) -> Any:
    means, weigh = policy.weighing(options)
    return means + weigh.bonus


def test_it_is_the_bound_of_the_paper(offer: Any, shown: Any) -> None:
    items = np.repeat([0, 1], [30, 70])
    policy = Ucb1(half_life=1e15).start(1).update(shown(items, (items == 1) * 1.0))
    width = np.sqrt(2 * np.log(100) / np.array([30, 70]))
    np.testing.assert_allclose(bounds(policy, offer(0, 1))[0], width + np.array([0.0, 1.0]))


def test_the_bound_scales_with_money(offer: Any, shown: Any) -> None:
    items = np.repeat([0, 1], [30, 70])
    one, many = (Ucb1().start(1).update(shown(items, (items == 1) * size)) for size in (1.0, 50.0))
    np.testing.assert_allclose(bounds(many, offer(0, 1)), 50.0 * bounds(one, offer(0, 1)))


def test_every_item_is_tried_before_any_is_shown_again(offer: Any, shown: Any) -> None:
    policy = Ucb1().start(1).update(shown([0] * 50, [1.0] * 50))
    chances = [policy.propensities(offer(0, 1, 2), np.array([[place]]))[0, 0] for place in range(3)]
    assert chances == [0.0, 0.5, 0.5]


def test_it_finds_the_best_of_unlike_items(played: Any) -> None:
    _, shares = played(Ucb1().start(1), RATES, 4_000)
    assert np.argmax(shares) == 1
    assert shares[1] > 0.8


def test_a_negative_width_is_refused() -> None:
    with pytest.raises(BadInputError, match="width: must not be negative"):
        Ucb1(width=-1.0)
