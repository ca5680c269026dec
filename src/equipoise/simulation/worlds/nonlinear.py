"""Non-linear: half of the taste is in products and squares that the features do not hold."""

from dataclasses import dataclass

import numpy as np

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import PositionBias
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Bent, Fixed, Pairs, draw_weights
from equipoise.simulation.parts.visitors import OneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonlinear:
    """Log-odds have standard deviation `spread` by the features, `crossing` by products of each content
    with every trait, and `bending` by a liking for middling content.
    """

    n_items: int = 1_000
    candidates: int = 20
    content_size: int = 5
    click_rate: float = 0.05
    spread: float = 0.7
    crossing: float = 0.5
    bending: float = 0.5

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng, q = derive(seed, "nonlinear"), self.content_size
        plan = Plan(
            items=draw_items(self.n_items, q, rng=rng),
            candidates=Sampled(self.n_items, self.candidates),
            visitors=OneKind(size=q),
            terms=(
                Fixed(draw_weights(1 + 2 * q, self.spread, rng=rng)),
                Pairs(self.crossing * rng.standard_normal((q, q)) / q),
                Bent(np.full(q, self.bending / np.sqrt(2 * q))),
            ),
            clicks=PositionBias(),
        )
        return Shop.opened(plan.clicked_at(self.click_rate, seed=seed), seed=seed)
