"""The price of engagement finds the constrained best of a shop that is known."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from equipoise.balance.objectives import ENGAGEMENT, Lagrangian, Objective
from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError
from equipoise.random import derive
from equipoise.types import Floats

EARNED = np.array([1.0, 0.9, 0.6, 0.2])
ENGAGED = np.array([0.1, 0.3, 0.4, 0.5])
"""Four slates to choose from: the more one earns, the less it engages."""
QUICK = partial(Objective, rate=0.005, half_life=2_000.0)


def lived(objective: Objective, *, slates: int, scale: float = 1.0) -> tuple[Lagrangian, Floats]:
    """Choose the best slate by the Lagrangian, 20 at a time; return it and the share of choices, (4,)."""
    lagrangian, rng, chosen = objective.start(), derive(1, "slates"), np.zeros(4)
    for step in range(slates // 20):
        best = int(np.argmax(lagrangian.reward(scale * EARNED, ENGAGED)))
        noise = rng.normal(size=(2, 20))
        lagrangian = lagrangian.learn(
            scale * (EARNED[best] + 0.2 * noise[0]),
            ENGAGED[best] + 0.2 * noise[1],
            ENGAGED.max() + 0.2 * rng.normal(size=2),
        )
        chosen[best] += step >= slates // 40
    return lagrangian, chosen / chosen.sum()


@pytest.mark.parametrize("floor", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("scale", [1.0, 40.0])
def test_the_floor_is_kept_at_the_least_cost(floor: float, scale: float) -> None:
    """Whatever the currency, choices mix two neighbours on the front so that the floor is just kept."""
    _, shares = lived(QUICK(floor=floor), slates=60_000, scale=scale)
    engaged, earned = float(shares @ ENGAGED), float(shares @ EARNED)
    assert engaged / ENGAGED.max() == pytest.approx(floor, abs=0.03)
    assert earned == pytest.approx(np.interp(floor * ENGAGED.max(), ENGAGED, EARNED), abs=0.04)


def test_a_floor_that_does_not_bind_costs_nothing() -> None:
    lagrangian, shares = lived(Objective(floor=0.1), slates=4_000)
    assert lagrangian.price == 0.0
    assert shares[0] == 1.0


def test_the_one_reward_is_for_the_join() -> None:
    lagrangian = replace(Objective(earns=RewardWeights(click=0.2, purchase=3.0)).start(), price=2.0)
    assert lagrangian.rewards.click == pytest.approx(2.2)
    assert lagrangian.rewards.purchase == 3.0
    assert Objective().start().rewards == RewardWeights()


def test_engagement_is_clicks_alone() -> None:
    assert ENGAGEMENT.of("click", None) == 1.0
    assert (
        ENGAGEMENT.of("purchase", 9.0) == ENGAGEMENT.of("return", 9.0) == ENGAGEMENT.of("cart", None) == 0.0
    )


def test_nothing_to_compare_with_moves_nothing() -> None:
    lagrangian = Objective().start().learn(np.ones(5), np.zeros(5), np.zeros(0))
    assert (lagrangian.price, lagrangian.share) == (0.0, 1.0)


def test_what_was_learnt_leaves_the_old_one_alone() -> None:
    before = Objective(floor=0.9).start()
    after = before.learn(np.ones(5), np.full(5, 0.1), np.ones(5))
    assert before.price == 0.0 < after.price


@pytest.mark.parametrize("wrong", [{"floor": 1.2}, {"rate": 0.0}, {"half_life": -1.0}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInputError):
        Objective(**wrong)  # type: ignore[arg-type]
