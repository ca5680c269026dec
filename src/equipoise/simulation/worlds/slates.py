"""Slates: shoppers look from the top down to their first click, and tire of more of the same."""

from dataclasses import dataclass

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import Cascade
from equipoise.simulation.parts.items import draw_grouped
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.satiation import ByGroup
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, draw_weights
from equipoise.simulation.parts.visitors import OneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Slates:
    """A cascade: after each position without a click a shopper goes on with chance `patience`.

    Each item of the same one of `groups` groups above multiplies the chance of a click by `satiation`.
    """

    n_items: int = 1_000
    candidates: int = 30
    content_size: int = 5
    groups: int = 8
    click_rate: float = 0.05
    spread: float = 1.0
    patience: float = 0.8
    satiation: float = 0.6

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "slates")
        plan = Plan(
            items=draw_grouped(self.n_items, self.content_size, self.groups, rng=rng),
            candidates=Sampled(self.n_items, self.candidates),
            visitors=OneKind(size=self.content_size, patience=self.patience),
            terms=(Fixed(draw_weights(1 + 2 * self.content_size, self.spread, rng=rng)),),
            clicks=Cascade(),
            satiation=ByGroup(self.satiation),
        )
        return Shop.opened(plan.clicked_at(self.click_rate, seed=seed), seed=seed)
