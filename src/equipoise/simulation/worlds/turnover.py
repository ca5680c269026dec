"""Turnover: a catalogue of 1,000 items that is never the same; some newcomers are better than all."""

from dataclasses import dataclass

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Arriving, Sampled
from equipoise.simulation.parts.click_models import PositionBias
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, Own, draw_weights
from equipoise.simulation.parts.visitors import OneKind

ARRIVALS = 50_000
"""How many items are laid out ahead; after the last, the catalogue stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """Every `every` rounds the oldest item leaves and one arrives, with the next code.

    Log-odds have standard deviation `spread` by features and `own` by item, beyond its features.
    """

    n_items: int = 1_000
    candidates: int = 50
    content_size: int = 5
    click_rate: float = 0.03
    spread: float = 0.7
    own: float = 0.7
    every: int = 20

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng, ever = derive(seed, "turnover"), self.n_items + ARRIVALS
        plan = Plan(
            items=draw_items(ever, self.content_size, rng=rng),
            candidates=Arriving(Sampled(self.n_items, self.candidates), every=self.every, arrivals=ARRIVALS),
            visitors=OneKind(size=self.content_size),
            terms=(
                Fixed(draw_weights(1 + 2 * self.content_size, self.spread, rng=rng)),
                Own(self.own * rng.standard_normal(ever)),
            ),
            clicks=PositionBias(),
        )
        return Shop.opened(plan.clicked_at(self.click_rate, seed=seed), seed=seed)
