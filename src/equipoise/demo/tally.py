"""What each variant's slates earned, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

Z_95 = 1.959964


@dataclass(slots=True)
class Mean:
    """A mean with its 95 % interval, one number at a time (Welford, 1962)."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """Take in one more number."""
        self.count += 1
        step = value - self.mean
        self.mean += step / self.count
        self.squares += step * (value - self.mean)

    def interval(self) -> dict[str, float]:
        """Return mean, low and high; the normal approximation, as wide as the mean where n < 2."""
        half = Z_95 * sqrt(self.squares / (self.count - 1) / self.count) if self.count > 1 else abs(self.mean)
        return {"mean": self.mean, "low": self.mean - half, "high": self.mean + half}


@dataclass(slots=True)
class Variant:
    """The figures of one variant: rewards before and after the change, money, exploration."""

    rewards: Mean = field(default_factory=Mean)
    before: Mean = field(default_factory=Mean)
    after: Mean = field(default_factory=Mean)
    revenue: float = 0.0
    shown: int = 0
    explored: int = 0

    def add(self, reward: float, revenue: float, shown: int, explored: int, *, changed: bool) -> None:
        """Take in one slate."""
        for mean in (self.rewards, self.after if changed else self.before):
            mean.add(reward)
        self.revenue += revenue
        self.shown += shown
        self.explored += explored


def summary(variants: Mapping[str, Variant], beyond_greedy: Mean) -> dict[str, Any]:
    """Return the figures as JSON values; `beyond_greedy` is policy less greedy, visit by visit."""
    return {
        "reward_per_slate": {name: v.rewards.interval() for name, v in variants.items()},
        "before_change": {name: v.before.interval() for name, v in variants.items() if v.before.count},
        "after_change": {name: v.after.interval() for name, v in variants.items() if v.after.count},
        "policy_minus_greedy_per_visit_after_change": beyond_greedy.interval(),
        "slates": {name: v.rewards.count for name, v in variants.items()},
        "revenue_per_1000_slates": {
            name: 1000 * v.revenue / max(v.rewards.count, 1) for name, v in variants.items()
        },
        "explored_share": {name: v.explored / max(v.shown, 1) for name, v in variants.items()},
    }
