from collections.abc import Callable

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.counts import FadingCounts
from equipoise.policies.item_belief import ItemBelief
from equipoise.policies.window import WindowCounts
from equipoise.random import derive
from equipoise.types import Floats, Ints

Shown = Callable[..., LoggedFeedback]


def start(half_life: float = 1e15) -> ItemBelief:
    return ItemBelief.none(1, FadingCounts.none(half_life), item_spread=0.5)


def clicks(n: int, rates: Floats, *, size: float = 1.0) -> tuple[Ints, Floats]:
    rng = derive(1, "clicks")
    items = rng.integers(0, len(rates), n)
    return items, size * (rng.random(n) < rates[items])


RATES = np.array([0.02, 0.05, 0.1, 0.2])


@pytest.mark.parametrize("size", [1.0, 25.0])
def test_it_finds_the_means_and_how_sure_it_is_in_any_currency(shown: Shown, size: float) -> None:
    belief = start().learn(shown(*clicks(40_000, RATES, size=size)))
    means, deviations = belief.means(np.arange(4)), belief.deviations(np.arange(4))
    np.testing.assert_allclose(means / size, RATES, atol=0.01)
    np.testing.assert_allclose(deviations / size, np.sqrt(np.mean(RATES * (1 - RATES)) / 10_000), rtol=0.1)


def test_an_unseen_item_has_the_mean_of_items_and_one_seen_little_lies_near_it(shown: Shown) -> None:
    often = np.repeat([0, 1], [50_000, 500])
    rewards = (np.arange(50_500) % 10 < np.where(often == 0, 3, 1)) * 1.0
    belief = start().learn(shown(often, rewards)).learn(shown([2], [0.0]))
    unseen, once = belief.means(np.array([99, 2]))
    assert unseen == pytest.approx(0.2, abs=0.03)
    assert belief.means(np.array([-1]))[0] == unseen
    assert 0.5 * unseen < once < unseen


def test_noise_is_that_within_items_not_between_them(shown: Shown) -> None:
    rng, items = derive(2, "noise"), np.tile(np.arange(50), 200)
    rewards = 10.0 + 3.0 * derive(3, "means").normal(size=50)[items] + 0.5 * rng.normal(size=10_000)
    assert start().learn(shown(items, rewards)).common.noise == pytest.approx(0.25, rel=0.3)


def test_it_learns_how_far_down_shoppers_look_and_corrects_for_it(shown: Shown) -> None:
    looked, rng, belief = np.array([1.0, 0.4, 0.1]), derive(4, "positions"), start()
    for _ in range(100):
        items = rng.integers(0, 4, 600)
        positions = np.minimum(items, 2)
        swap = rng.random(600) < 0.3
        positions[swap] = rng.integers(0, 3, swap.sum())
        rewards = (rng.random(600) < RATES[3] * looked[positions]) * 1.0
        belief = belief.learn(shown(items, rewards, positions=positions))
    np.testing.assert_allclose(belief.means(np.arange(4)), RATES[3], rtol=0.2)


def test_losses_are_believed(shown: Shown) -> None:
    belief = start().learn(shown(np.repeat([0, 1], 500), np.repeat([-2.0, 3.0], 500)))
    assert belief.means(np.arange(2)) == pytest.approx([-2.0, 3.0], abs=0.1)


def test_successes_are_scaled_rewards(shown: Shown) -> None:
    belief = start().learn(shown([0, 0, 1, 1], [0.0, 20.0, 0.0, 0.0]))
    successes, trials = belief.successes(np.array([0, 1, 2]))
    assert successes.tolist() == [1.0, 0.0, 0.0]
    assert trials.tolist() == [2.0, 2.0, 0.0]


def test_a_window_forgets_a_jump_at_once(shown: Shown) -> None:
    belief = ItemBelief.none(1, WindowCounts.none(1_000), item_spread=0.5)
    before, after = (
        shown(np.arange(5_000) % 2, np.arange(5_000) % 2),
        shown(np.arange(1_000) % 2, np.zeros(1_000)),
    )
    assert belief.learn(before).means(np.array([1]))[0] > 0.9
    assert belief.learn(before).learn(after).means(np.array([1]))[0] < 0.05
