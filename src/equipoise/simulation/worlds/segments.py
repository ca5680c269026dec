"""Segments: three kinds of shoppers who like different things and give up after different disappointments."""

from dataclasses import dataclass

import numpy as np

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import Cascade
from equipoise.simulation.parts.encoding import by_trait
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, draw_weights
from equipoise.simulation.parts.visitors import Segments as Population
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Segment s makes up `shares[s]` of the visits and looks on after no click with chance `patience[s]`.

    Policies see the segment. The rarest is the least patient: there, exploring costs most and tells least.
    """

    n_items: int = 1_000
    candidates: int = 20
    content_size: int = 5
    click_rate: float = 0.05
    spread: float = 1.0
    shares: tuple[float, ...] = (0.6, 0.3, 0.1)
    patience: tuple[float, ...] = (0.95, 0.7, 0.3)

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "segments")
        plan = Plan(
            items=draw_items(self.n_items, self.content_size, rng=rng),
            candidates=Sampled(self.n_items, self.candidates),
            visitors=Population(shares=self.shares, patience=self.patience),
            terms=(Fixed(self._weights(rng)),),
            clicks=Cascade(),
            encode=by_trait,
        )
        return Shop.opened(plan.clicked_at(self.click_rate, seed=seed), seed=seed)

    def _weights(self, rng: np.random.Generator) -> Floats:
        """Return one taste a segment, end to end behind the constant."""
        tastes = draw_weights(1 + self.content_size, self.spread, rng=rng, count=len(self.shares))
        return np.concatenate([[0.0], tastes[:, 1:].ravel()])
