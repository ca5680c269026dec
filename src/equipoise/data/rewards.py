"""What an event is worth to the decision that led to it."""

import msgspec

from equipoise.events.facts import Event, EventType

_SIGNS = {"purchase": 1.0, "return": -1.0}


class RewardWeights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reward of one event of each type; `value` is added for each unit of money of a purchase.

    `margin` is added for each unit of its margin, which the shop tells as the property `margin` of the
    event, for the whole event as `value` is.
    """

    view: float = 0.0
    click: float = 0.2
    favourite: float = 0.3
    cart: float = 0.5
    remove_from_cart: float = -0.5
    purchase: float = 1.0
    returned: float = msgspec.field(default=-1.0, name="return")
    rating: float = 0.0
    impression: float = 0.0
    value: float = 0.0
    margin: float = 0.0

    def of_event(self, event: Event) -> float:
        """Return the reward of `event`; money and margin count for purchases, and against for returns."""
        margin = event.properties.get("margin")
        extra = self.margin * margin if isinstance(margin, int | float) else 0.0
        return self.of(event.event_type, event.value) + _SIGNS.get(event.event_type, 0.0) * extra

    def plus(self, other: "RewardWeights", times: float) -> "RewardWeights":
        """Return these weights plus `times` those of `other`."""
        names = RewardWeights.__struct_fields__
        return RewardWeights(
            **{name: getattr(self, name) + times * getattr(other, name) for name in names},
        )

    def of(self, event_type: EventType, value: float | None) -> float:
        """Return the reward of one event; money counts for purchases, and against for returns."""
        base = self.returned if event_type == "return" else float(getattr(self, event_type))
        return base + _SIGNS.get(event_type, 0.0) * self.value * (value or 0.0)
