"""Revenue: few buy, what a purchase leaves is heavy-tailed, and the dear is not what sells."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import PositionBias
from equipoise.simulation.parts.items import Items, draw_items
from equipoise.simulation.parts.payouts import LogNormal
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, Own, draw_weights
from equipoise.simulation.parts.visitors import OneKind
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """The reward is money: margin times the price paid, about 1 for a typical purchase.

    Prices are log-normal over items with deviation `prices`, and each purchase varies about its item's
    by `sigma`; margins are uniform between 10 and 60 %. A price one deviation above lowers the log-odds
    by `thrift`. The expected money of an item is not among its features.
    """

    n_items: int = 1_000
    candidates: int = 20
    content_size: int = 5
    purchase_rate: float = 0.05
    spread: float = 0.8
    own: float = 0.3
    thrift: float = 0.5
    prices: float = 0.8
    sigma: float = 1.0

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "revenue")
        dearness = rng.standard_normal(self.n_items)
        own = self.own * rng.standard_normal(self.n_items) - self.thrift * dearness
        plan = Plan(
            items=self._items(dearness, rng),
            candidates=Sampled(self.n_items, self.candidates),
            visitors=OneKind(size=self.content_size),
            terms=(Fixed(draw_weights(1 + 2 * self.content_size, self.spread, rng=rng)), Own(own)),
            clicks=PositionBias(),
            payout=LogNormal(self.sigma),
        )
        return Shop.opened(plan.clicked_at(self.purchase_rate, seed=seed), seed=seed)

    def _items(self, dearness: Floats, rng: np.random.Generator) -> Items:
        """Return items whose first content is how dear they are."""
        items = draw_items(self.n_items, self.content_size, rng=rng)
        content = np.column_stack((dearness, items.content[:, 1:]))
        margins = rng.uniform(0.1, 0.6, self.n_items) / 0.35
        return replace(items, content=content, worth=margins * np.exp(self.prices * dearness))
