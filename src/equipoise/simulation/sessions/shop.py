"""The shop that sessions take place in: real tastes, and what real buyers bought again."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.bought_again import bought_again
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.simulation.sessions.clusters import Clusters
from equipoise.simulation.shoppers import Shoppers
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionShop:
    """p shoppers and m items: `appeals` (p, m) in log-odds of a click, float32; items by `labels` (m,) of c.

    `joys` (m,) is how much more often than others an item is bought again by who bought it, standardised;
    `prices` (m,) are standardised logs. `order` (p, m) has each shopper's `liked` best items first, in
    random order, then the others: candidates are drawn from both.
    """

    appeals: Floats
    labels: Ints
    joys: Floats
    prices: Floats
    order: Ints
    liked: int
    n_clusters: int

    @classmethod
    def of(
        cls,
        shoppers: Shoppers,
        orders: Interactions,
        *,
        clusters: int = 6,
        people: int = 300,
        liked: int = 100,
        rng: np.random.Generator,
    ) -> "SessionShop":
        """Return the shop of `people` drawn from `shoppers`, with what their `orders` tell of the items.

        All items that `shoppers` have tastes for are on sale.
        """
        m = len(shoppers.tastes.items)
        if not 1 <= people <= len(shoppers) or not 1 <= liked < m:
            raise BadInputError("people", f"must be from 1 to {len(shoppers)}, and liked from 1 to {m - 1}")
        who = np.sort(rng.choice(len(shoppers), size=people, replace=False))
        appeals = shoppers.intercept + shoppers.slope * shoppers.tastes.all_utilities(who)
        return cls(
            appeals=appeals.astype(np.float32),
            labels=Clusters.of(shoppers.tastes, orders, clusters, rng=rng).labels,
            joys=_standard(bought_again(orders)),
            prices=_standard(shoppers.tastes.log_prices),
            order=_ordered(appeals, liked, rng),
            liked=liked,
            n_clusters=clusters,
        )

    @property
    def n_people(self) -> int:
        """How many shoppers there are."""
        return len(self.appeals)


def _ordered(appeals: Floats, liked: int, rng: np.random.Generator) -> Ints:
    """Return items (p, m): the `liked` best in random order, then all others in random order."""
    best = np.argpartition(-appeals, liked - 1, axis=1)
    luck = rng.random(appeals.shape)
    luck[:, liked:] += 1.0
    return np.take_along_axis(best, luck.argsort(axis=1), axis=1).astype(np.int32)


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9))
