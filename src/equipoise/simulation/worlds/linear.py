"""Linear: the reward is linear in the features, plus noise; every request brings other candidates."""

from dataclasses import dataclass

from equipoise.random import derive
from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import Rates
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Fixed, draw_weights
from equipoise.simulation.parts.visitors import OneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """Mean rewards have standard deviation `spread` over candidates; each reward has noise `noise`."""

    n_items: int = 1_000
    candidates: int = 20
    content_size: int = 5
    spread: float = 0.5
    noise: float = 0.5

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "linear")
        plan = Plan(
            items=draw_items(self.n_items, self.content_size, rng=rng),
            candidates=Sampled(self.n_items, self.candidates),
            visitors=OneKind(size=self.content_size),
            terms=(Fixed(draw_weights(1 + 2 * self.content_size, self.spread, rng=rng)),),
            clicks=Rates(self.noise),
        )
        return Shop.opened(plan, seed=seed)
