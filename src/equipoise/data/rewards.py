"""What an event is worth to the decision that led to it."""

import msgspec

from equipoise.events.facts import EventType


class RewardWeights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reward of one event of each type; `value` is added for each unit of money of a purchase."""

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

    def of(self, event_type: EventType, value: float | None) -> float:
        """Return the reward of one event; money counts for purchases, and against for returns."""
        base = self.returned if event_type == "return" else float(getattr(self, event_type))
        sign = {"purchase": 1.0, "return": -1.0}.get(event_type, 0.0)
        return base + sign * self.value * (value or 0.0)
