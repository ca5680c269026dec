"""How a shopper goes through a slate: looks, clicks, carts, buys, or gives up.

The click model is a dynamic Bayesian network (Chapelle & Zhang, 2009, "A dynamic Bayesian network
click model for web search ranking"): positions are read from the top; after each one the shopper
reads on with probability `patience`, and a purchase satisfies and ends the reading.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What happened at each position: `seen`, `clicked`, `carted`, `bought` (…, k), and how many were
    bought, `quantities` (…, k), 0 where none was. A cart without a purchase was abandoned.
    """

    seen: Bools
    clicked: Bools
    carted: Bools
    bought: Bools
    quantities: Ints

    def rewards(self, weights: RewardWeights) -> Floats:
        """Return what each position earned, (…, k), money left aside."""
        steps = ((self.clicked, weights.click), (self.carted, weights.cart), (self.bought, weights.purchase))
        return np.asarray(sum(happened * worth for happened, worth in steps), np.float64)

    def row(self, place: int) -> "Reaction":
        """Return the reaction to one slate of several."""
        return Reaction(
            seen=self.seen[place],
            clicked=self.clicked[place],
            carted=self.carted[place],
            bought=self.bought[place],
            quantities=self.quantities[place],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Assumptions about every shopper alike.

    `patience` is the chance to read on after a position, `cart_rate` the chance that a click leads
    to the cart, `abandonment` the chance that a cart is left, `mean_quantity` of a purchase.
    """

    patience: float = 0.9
    cart_rate: float = 0.35
    abandonment: float = 0.6
    mean_quantity: float = 2.0

    def __post_init__(self) -> None:
        for name in ("patience", "cart_rate", "abandonment"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadInputError(name, f"is a probability, not {getattr(self, name)}")
        if self.mean_quantity < 1.0:
            raise BadInputError("mean_quantity", "who buys, buys at least one")

    def react(self, clicks: Floats, rng: np.random.Generator) -> Reaction:
        """Draw reactions to slates whose items are clicked, once seen, with chances `clicks` (n, k)."""
        chance = rng.random((4, *clicks.shape))
        clicked = chance[0] < clicks
        carted = clicked & (chance[1] < self.cart_rate)
        bought = carted & (chance[2] >= self.abandonment)
        goes_on = (chance[3] < self.patience) & ~bought
        seen = np.ones(clicks.shape, np.bool_)
        seen[:, 1:] = np.logical_and.accumulate(goes_on, axis=1)[:, :-1]
        more = rng.poisson(self.mean_quantity - 1.0, size=clicks.shape)
        return Reaction(
            seen=seen,
            clicked=clicked & seen,
            carted=carted & seen,
            bought=bought & seen,
            quantities=np.where(bought & seen, 1 + more, 0),
        )

    def expected(self, clicks: Floats, weights: RewardWeights) -> Floats:
        """Return the expected reward (n, k) of each position of such slates."""
        buys = clicks * self.cart_rate * (1 - self.abandonment)
        reads_on = np.cumprod(self.patience * (1 - buys), axis=1)
        seen = np.concatenate((np.ones((len(clicks), 1)), reads_on[:, :-1]), axis=1)
        return seen * clicks * self.worth(weights)

    def worth(self, weights: RewardWeights) -> float:
        """Return the expected reward of a click, with what may follow from it."""
        return weights.click + self.cart_rate * (weights.cart + (1 - self.abandonment) * weights.purchase)
