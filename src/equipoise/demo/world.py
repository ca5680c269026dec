"""The shoppers of the demo, under the names by which the server knows them and the products."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.prepare import Prepared
from equipoise.data.vocabulary import Vocabulary
from equipoise.random import derive
from equipoise.simulation import Shoppers, TasteModel
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Shoppers before and after the change; codes are places in `item_ids` and `user_ids`.

    `prices` (n_items,) are what a purchase pays, `arrivals` the codes of the products that come late.
    """

    item_ids: tuple[str, ...]
    user_ids: tuple[str, ...]
    prices: Floats
    arrivals: Ints
    before: Shoppers
    after: Shoppers

    def codes(self, item_ids: list[str]) -> Ints:
        """Return the codes of `item_ids`, -1 for a product these shoppers have never heard of."""
        return Vocabulary(self.item_ids).encode(item_ids)


def build_world(year: Prepared, arriving: set[str], *, seed: int) -> World:
    """Fit shoppers on all orders of the `year`, those of the products that are `arriving` included.

    After the change the arrivals are on sale, and the largest segment has the taste of the one least like it.
    """
    arrives = np.array([name in arriving for name in year.vocabulary.ids])
    prices = year.catalogue.prices
    tastes = TasteModel().fit(year.interactions, prices, rng=derive(seed, "tastes"))
    before = Shoppers.calibrated(tastes, ~arrives)
    segment = tastes.largest()
    arrivals = np.flatnonzero(arrives)
    return World(
        item_ids=year.vocabulary.ids,
        user_ids=year.users.ids,
        prices=np.where(prices > 0, prices, float(np.nanmedian(prices))),
        arrivals=arrivals,
        before=before,
        after=before.with_arrivals(arrivals).drifted(segment, tastes.farthest(segment)),
    )
