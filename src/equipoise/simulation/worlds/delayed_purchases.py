"""Delayed purchases: what a slate earns is known hundreds of rounds later, or never."""

from dataclasses import dataclass

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import PositionBias
from equipoise.simulation.parts.delays import Geometric
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, Own, draw_weights
from equipoise.simulation.parts.visitors import OneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedPurchases:
    """Purchases (`purchase_rate` of random candidates) take a geometric time of mean `delay` rounds.

    Until then they look like none. What takes longer than `window` rounds is never credited, and not
    counted as reward either. Log-odds are as in the sparse clicks.
    """

    n_items: int = 1_000
    candidates: int = 20
    content_size: int = 5
    purchase_rate: float = 0.03
    spread: float = 1.0
    own: float = 0.3
    delay: float = 500.0
    window: int = 1_000

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "delayed_purchases")
        plan = Plan(
            items=draw_items(self.n_items, self.content_size, rng=rng),
            candidates=Sampled(self.n_items, self.candidates),
            visitors=OneKind(size=self.content_size),
            terms=(
                Fixed(draw_weights(1 + 2 * self.content_size, self.spread, rng=rng)),
                Own(self.own * rng.standard_normal(self.n_items)),
            ),
            clicks=PositionBias(),
            delay=Geometric(mean=self.delay, window=self.window),
        )
        return Shop.opened(plan.clicked_at(self.purchase_rate, seed=seed), seed=seed)
