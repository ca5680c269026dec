from typing import get_args

import msgspec
import pytest

from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import EVENT_TYPES, Event, EventType


@pytest.mark.parametrize("event_type", get_args(EventType))
def test_every_event_type_has_a_reward(event_type: EventType) -> None:
    assert isinstance(RewardWeights().of(event_type, None), float)


def test_a_purchase_is_worth_more_than_a_click() -> None:
    assert RewardWeights().of("purchase", None) > RewardWeights().of("click", None) > 0.0


def test_money_counts_for_purchases_and_against_for_returns_only() -> None:
    weights = RewardWeights(value=0.1)
    assert weights.of("purchase", 20.0) == pytest.approx(1.0 + 2.0)
    assert weights.of("return", 20.0) == pytest.approx(-1.0 - 2.0)
    assert weights.of("click", 20.0) == weights.of("click", None)


def test_stars_of_a_rating_are_not_money() -> None:
    assert RewardWeights(value=0.1).of("rating", 5.0) == 0.0


def test_a_weight_is_set_by_the_name_of_its_event_type() -> None:
    for event_type in EVENT_TYPES:
        weights = msgspec.convert({event_type: 0.75}, RewardWeights)
        assert weights.of(msgspec.convert(event_type, EventType), None) == 0.75


def purchase(kind: EventType, **properties: object) -> Event:
    return Event(event_id="e", event_type=kind, timestamp=0, value=20.0, properties=properties)


def test_margin_is_told_by_the_event() -> None:
    weights = RewardWeights(value=0.1, margin=0.5)
    assert weights.of_event(purchase("purchase", margin=4)) == pytest.approx(1.0 + 2.0 + 2.0)
    assert weights.of_event(purchase("return", margin=4.0)) == pytest.approx(-1.0 - 2.0 - 2.0)
    assert weights.of_event(purchase("click", margin=4.0)) == weights.of("click", 20.0)
    assert weights.of_event(purchase("purchase", margin="much")) == weights.of("purchase", 20.0)


def test_weights_add_up() -> None:
    both = RewardWeights(click=1.0, value=0.1).plus(RewardWeights(click=0.5, value=1.0), 2.0)
    assert (both.click, both.value, both.returned) == (2.0, 2.1, -3.0)
