"""Sparse clicks: few are clicked (2 % of random candidates), logistic in the features."""

from dataclasses import dataclass

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import PositionBias
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, Own, draw_weights
from equipoise.simulation.parts.visitors import OneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseClicks:
    """Log-odds have standard deviation `spread` by features and `own` by item, beyond its features."""

    n_items: int = 1_000
    candidates: int = 20
    content_size: int = 5
    click_rate: float = 0.02
    spread: float = 1.0
    own: float = 0.3

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "sparse_clicks")
        plan = Plan(
            items=draw_items(self.n_items, self.content_size, rng=rng),
            candidates=Sampled(self.n_items, self.candidates),
            visitors=OneKind(size=self.content_size),
            terms=(
                Fixed(draw_weights(1 + 2 * self.content_size, self.spread, rng=rng)),
                Own(self.own * rng.standard_normal(self.n_items)),
            ),
            clicks=PositionBias(),
        )
        return Shop.opened(plan.clicked_at(self.click_rate, seed=seed), seed=seed)
