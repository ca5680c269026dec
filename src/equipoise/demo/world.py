"""The shoppers of the demo, under the names by which the server knows them and the products."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.data.prepare import Prepared
from equipoise.data.vocabulary import Vocabulary
from equipoise.random import derive
from equipoise.simulation import Shoppers, TasteModel
from equipoise.types import Floats, Ints

WORLD = "demo-world"
"""The name under which it is kept among the artifacts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Shoppers before and after the change; codes are places in `item_ids` and `user_ids`.

    `prices` (n_items,) are what a purchase pays, `arrivals` the codes of the products that come
    late, and `products` what the shop will tell of them.
    """

    item_ids: tuple[str, ...]
    user_ids: tuple[str, ...]
    prices: Floats
    arrivals: Ints
    products: tuple[dict[str, Any], ...]
    before: Shoppers
    after: Shoppers

    def codes(self, item_ids: list[str]) -> Ints:
        """Return the codes of `item_ids`, -1 for a product these shoppers have never heard of."""
        return Vocabulary(self.item_ids).encode(item_ids)


def build_world(year: Prepared, products: tuple[dict[str, Any], ...], *, seed: int) -> World:
    """Fit shoppers on all orders of the `year`, those of the `products` that arrive late included.

    After the change the arrivals are on sale, and the largest segment has the taste of the one least like it.
    """
    arrivals = year.vocabulary.encode(product["item_id"] for product in products)
    on_sale = np.ones(len(year.vocabulary), np.bool_)
    on_sale[arrivals] = False
    prices = year.catalogue.prices
    tastes = TasteModel().fit(year.interactions, prices, rng=derive(seed, "tastes"))
    before = Shoppers.calibrated(tastes, on_sale)
    segment = tastes.largest()
    return World(
        item_ids=year.vocabulary.ids,
        user_ids=year.users.ids,
        prices=np.where(prices > 0, prices, float(np.nanmedian(prices))),
        arrivals=arrivals,
        products=products,
        before=before,
        after=before.with_arrivals(arrivals).drifted(segment, tastes.farthest(segment)),
    )
