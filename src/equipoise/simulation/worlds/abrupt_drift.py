"""Abrupt drift: at unknown rounds taste jumps to another one."""

from dataclasses import dataclass

import numpy as np

from equipoise.random import derive
from equipoise.simulation.parts.schedules import Abrupt, draw_changes
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import draw_weights
from equipoise.simulation.worlds.changing_clicks import CHANGES, changing_clicks


@dataclass(frozen=True, slots=True, kw_only=True)
class AbruptDrift:
    """Taste jumps about `every` rounds (half to one and a half times) to weights drawn afresh."""

    n_items: int = 1_000
    candidates: int = 20
    content_size: int = 5
    click_rate: float = 0.03
    spread: float = 1.0
    every: int = 6_000

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "abrupt_drift")
        return changing_clicks(
            self.schedule(rng),
            n_items=self.n_items,
            candidates=self.candidates,
            content_size=self.content_size,
            click_rate=self.click_rate,
            seed=seed,
            rng=rng,
        )

    def schedule(self, rng: np.random.Generator) -> Abrupt:
        """Return the weights and their rounds of change; the first use of a fresh `rng` of the world."""
        changes = draw_changes(self.every, CHANGES, rng=rng)
        stages = draw_weights(1 + 2 * self.content_size, self.spread, rng=rng, count=CHANGES + 1)
        return Abrupt(stages=stages, changes=changes)
