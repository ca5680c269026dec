"""Position bias: the lower, the less looked at, whatever is there."""

from dataclasses import dataclass

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import PositionBias as LookedAtLess
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, Own, draw_weights
from equipoise.simulation.parts.visitors import OneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionBias:
    """Position l is looked at with chance `decay` ** l; log-odds are as in the sparse clicks."""

    n_items: int = 1_000
    candidates: int = 30
    content_size: int = 5
    click_rate: float = 0.05
    spread: float = 1.0
    own: float = 0.3
    decay: float = 0.7

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "position_bias")
        plan = Plan(
            items=draw_items(self.n_items, self.content_size, rng=rng),
            candidates=Sampled(self.n_items, self.candidates),
            visitors=OneKind(size=self.content_size),
            terms=(
                Fixed(draw_weights(1 + 2 * self.content_size, self.spread, rng=rng)),
                Own(self.own * rng.standard_normal(self.n_items)),
            ),
            clicks=LookedAtLess(self.decay),
        )
        return Shop.opened(plan.clicked_at(self.click_rate, seed=seed), seed=seed)
