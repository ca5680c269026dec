"""Simulated shoppers: real tastes, assumed behaviour, and a shop that changes under them."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError
from equipoise.simulation.behaviour import Behaviour, Reaction
from equipoise.simulation.logistic import sigmoid
from equipoise.simulation.tastes import Tastes
from equipoise.types import Bools, Floats, Ints

NOTHING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shoppers:
    """Shoppers at one moment. A seen item is clicked with chance σ(`intercept` + `slope` · utility).

    `on_sale` (m,) says which items the shop has. Drift and arrivals give the shoppers after them.
    """

    tastes: Tastes
    behaviour: Behaviour
    rewards: RewardWeights
    intercept: float
    slope: float
    on_sale: Bools

    @classmethod
    def calibrated(
        cls,
        tastes: Tastes,
        on_sale: Bools,
        *,
        behaviour: Behaviour | None = None,
        rewards: RewardWeights | None = None,
        random_rate: float = 0.02,
        best_rate: float = 0.2,
        k: int = 10,
    ) -> "Shoppers":
        """Choose intercept and slope so that seen items are clicked at two stated rates.

        `random_rate` is the mean over items drawn at random, `best_rate` the mean over the `k` best
        items of each shopper.
        """
        if not 0 < random_rate < best_rate < 1:
            raise BadInputError("best_rate", "must lie between random_rate and 1")
        sample = np.linspace(0, len(tastes.shoppers) - 1, min(len(tastes.shoppers), 200)).astype(np.int64)
        utilities = tastes.all_utilities(sample)[:, on_sale]
        intercept, slope = _calibrate(utilities, random_rate, best_rate, k)
        return cls(
            tastes=tastes,
            behaviour=behaviour if behaviour is not None else Behaviour(),
            rewards=rewards if rewards is not None else RewardWeights(),
            intercept=intercept,
            slope=slope,
            on_sale=on_sale,
        )

    def __len__(self) -> int:
        return len(self.tastes.shoppers)

    def clicks(self, shoppers: Ints, items: Ints) -> Floats:
        """Return the chance that each of `items` (n, k) is clicked once seen; 0 for -1."""
        utilities = self.tastes.utilities(shoppers, np.where(items == NOTHING, 0, items))
        return np.where(items == NOTHING, 0.0, sigmoid(self.intercept + self.slope * utilities))

    def react(self, shopper: int, items: Ints, rng: np.random.Generator) -> Reaction:
        """Draw one shopper's reaction to a slate of `items` (k,)."""
        return self.react_all(np.array([shopper]), np.asarray(items)[None, :], rng).row(0)

    def react_all(self, shoppers: Ints, items: Ints, rng: np.random.Generator) -> Reaction:
        """Draw the reactions of `shoppers` (n,) to their slates `items` (n, k)."""
        return self.behaviour.react(self.clicks(shoppers, items), rng)

    def expected(self, shoppers: Ints, items: Ints) -> Floats:
        """Return the expected reward of each position of the slates `items` (n, k)."""
        return self.behaviour.expected(self.clicks(shoppers, items), self.rewards)

    def best(self, shoppers: Ints, k: int) -> Floats:
        """Return the expected reward of the best slate of `k` items on sale for each shopper, (n,).

        All clicks are worth the same, so the best slate is the likeliest clicks in that order.
        """
        utilities = np.where(self.on_sale, self.tastes.all_utilities(shoppers), -np.inf)
        best = -np.sort(-np.partition(utilities, -k, axis=1)[:, -k:], axis=1)
        clicks = sigmoid(self.intercept + self.slope * best)
        return np.asarray(self.behaviour.expected(clicks, self.rewards).sum(axis=1))

    def drifted(self, segment: int, towards: int) -> "Shoppers":
        """Return the shoppers after the taste of `segment` moved to that of `towards`."""
        return replace(self, tastes=self.tastes.drifted(segment, towards))

    def with_arrivals(self, items: Ints) -> "Shoppers":
        """Return the shoppers of a shop that now also has `items`."""
        on_sale = self.on_sale.copy()
        on_sale[items] = True
        return replace(self, on_sale=on_sale)


def _calibrate(utilities: Floats, random_rate: float, best_rate: float, k: int) -> tuple[float, float]:
    """Return intercept and slope by bisection on the slope."""
    best = np.partition(utilities, -k, axis=1)[:, -k:]
    low, high = 0.0, 20.0
    for _ in range(40):
        slope = (low + high) / 2
        intercept = _intercept(utilities, slope, random_rate)
        reached = sigmoid(intercept + slope * best).mean()
        low, high = (slope, high) if reached < best_rate else (low, slope)
    return intercept, slope


def _intercept(utilities: Floats, slope: float, rate: float) -> float:
    low, high = -60.0, 60.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if sigmoid(middle + slope * utilities).mean() < rate else (low, middle)
    return (low + high) / 2
