"""From a shop's real orders to the shoppers who made them, under the shop's own ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.data.content import TextEncoder, text_of
from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.vocabulary import Vocabulary
from equipoise.events.facts import Event, Item
from equipoise.random import derive
from equipoise.simulation.shoppers import Shoppers
from equipoise.simulation.tastes import TasteModel
from equipoise.types import Bools, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Shoppers and what they did: codes of `users` and `items` are those of `orders` and `shoppers`.

    The first `n_known` items are those the shop has from the start, in the order it told them; the rest
    were held back and have yet to arrive.
    """

    users: Vocabulary
    items: Vocabulary
    orders: Interactions
    catalogue: Catalogue
    encoder: TextEncoder
    shoppers: Shoppers
    n_known: int

    @classmethod
    def of(
        cls,
        items: Sequence[Item],
        events: Sequence[Event],
        held_items: Sequence[Item],
        held_events: Sequence[Event],
        *,
        seed: int,
    ) -> "Population":
        """Fit shoppers on all purchases, held-back items included; `seed` moves nothing but the fit."""
        told = [*items, *held_items]
        known = np.arange(len(told)) < len(items)
        users, vocabulary, orders = _orders(told, [*events, *held_events])
        encoder, catalogue = _catalogue(told, known)
        tastes = TasteModel().fit(orders, catalogue.prices, rng=derive(seed, "tastes"))
        return cls(
            users=users,
            items=vocabulary,
            orders=orders,
            catalogue=catalogue,
            encoder=encoder,
            shoppers=Shoppers.calibrated(tastes, known),
            n_known=len(items),
        )

    @property
    def held_back(self) -> Ints:
        """The codes of the items that have yet to arrive."""
        return np.arange(self.n_known, len(self.items))

    def known_orders(self) -> Interactions:
        """Return the orders of the items the shop has from the start: what a recommender may learn from."""
        return replace(self.orders.where(self.orders.items < self.n_known), n_items=self.n_known)

    def histories(self) -> Histories:
        """Return what each shopper really bought of the items the shop has from the start."""
        return self.known_orders().histories()

    def changed(self) -> Shoppers:
        """Return the shoppers once the held-back items arrived and the largest segment's taste moved.

        It moves to that of the segment least like it.
        """
        segment = self.shoppers.tastes.largest()
        moved = self.shoppers.drifted(segment, self.shoppers.tastes.farthest(segment))
        return moved.with_arrivals(self.held_back)


def _orders(items: Sequence[Item], events: Iterable[Event]) -> tuple[Vocabulary, Vocabulary, Interactions]:
    vocabulary = Vocabulary(tuple(item.item_id for item in items))
    bought = [event for event in events if event.event_type == "purchase" and event.user_id is not None]
    users = Vocabulary(tuple(dict.fromkeys(str(event.user_id) for event in bought)))
    who = users.encode(str(event.user_id) for event in bought)
    what = vocabulary.encode(str(event.item_id) for event in bought)
    times = np.array([event.timestamp for event in bought], np.int64)
    order = np.lexsort((times, who))
    orders = Interactions(
        users=who[order],
        items=what[order],
        times=times[order],
        weights=np.ones(len(bought)),
        values=np.array([event.value or 0.0 for event in bought])[order],
        n_users=len(users),
        n_items=len(vocabulary),
    )
    return users, vocabulary, orders.where(orders.items >= 0)


def _catalogue(items: Sequence[Item], known: Bools) -> tuple[TextEncoder, Catalogue]:
    texts = [text_of(item.title, item.brand, item.categories) for item in items]
    encoder = TextEncoder.fit(texts[: int(known.sum())])
    prices = [np.nan if item.price is None else item.price for item in items]
    return encoder, Catalogue(
        prices=np.array(prices, np.float64),
        arrived=np.array([item.timestamp for item in items], np.int64),
        available=known,
        content=encoder.encode(texts),
    )
