"""The shoppers of the demo, under the names by which the server knows them and the products."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from equipoise.data.vocabulary import Vocabulary
from equipoise.events.facts import Item
from equipoise.events.online_retail import Orders
from equipoise.simulation import Population, Shoppers
from equipoise.types import Floats, Ints

WORLD = "demo-world"
"""The name under which it is kept among the artifacts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Shoppers before and after the change; codes are places in `item_ids` and `user_ids`.

    `prices` (n_items,) are what a purchase pays. `products` are the bodies of `PUT /v1/items` for those
    that come late.
    """

    item_ids: tuple[str, ...]
    user_ids: tuple[str, ...]
    prices: Floats
    products: tuple[dict[str, Any], ...]
    before: Shoppers
    after: Shoppers

    @classmethod
    def of(cls, orders: Orders, *, seed: int) -> "World":
        """Fit shoppers on all `orders`, those of the held-back items included."""
        people = Population.of(orders.items, orders.events, orders.held_items, orders.held_events, seed=seed)
        prices = people.catalogue.prices
        return cls(
            item_ids=people.items.ids,
            user_ids=people.users.ids,
            prices=np.where(prices > 0, prices, float(np.nanmedian(prices))),
            products=tuple(_product(item) for item in orders.held_items),
            before=people.shoppers,
            after=people.changed(),
        )

    def codes(self, item_ids: Iterable[str]) -> Ints:
        """Return the codes of `item_ids`, -1 for a product these shoppers have never heard of."""
        return Vocabulary(self.item_ids).encode(item_ids)


def _product(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(item)
    return {name: value for name, value in told.items() if name != "timestamp"}
