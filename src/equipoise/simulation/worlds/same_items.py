"""The same few items for everyone: their features say little, and greedy locks in."""

from dataclasses import dataclass

from equipoise.random import derive
from equipoise.simulation.parts.candidates import SameForAll
from equipoise.simulation.parts.click_models import PositionBias
from equipoise.simulation.parts.encoding import plain
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, Own, draw_weights
from equipoise.simulation.parts.visitors import OneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SameItems:
    """Log-odds have standard deviation `own` by item and `spread` by content, alike for every visitor."""

    n_items: int = 60
    content_size: int = 3
    click_rate: float = 0.05
    spread: float = 0.2
    own: float = 0.8

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "same_items")
        plan = Plan(
            items=draw_items(self.n_items, self.content_size, rng=rng),
            candidates=SameForAll(self.n_items),
            visitors=OneKind(size=1),
            terms=(
                Fixed(draw_weights(1 + self.content_size, self.spread, rng=rng)),
                Own(self.own * rng.standard_normal(self.n_items)),
            ),
            clicks=PositionBias(),
            encode=plain,
        )
        return Shop.opened(plan.clicked_at(self.click_rate, seed=seed), seed=seed)
