"""Season: taste swings about a middle and comes back."""

from dataclasses import dataclass

import numpy as np

from equipoise.random import derive
from equipoise.simulation.parts import schedules
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import draw_weights
from equipoise.simulation.worlds.changing_clicks import changing_clicks


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Half the variance of log-odds stands, half swings in `period` rounds, each weight in its phase."""

    n_items: int = 1_000
    candidates: int = 20
    content_size: int = 5
    click_rate: float = 0.03
    spread: float = 1.0
    period: int = 10_000

    def start(self, seed: int) -> Shop:
        """Return the world of `seed`."""
        rng = derive(seed, "season")
        return changing_clicks(
            self.schedule(rng),
            n_items=self.n_items,
            candidates=self.candidates,
            content_size=self.content_size,
            click_rate=self.click_rate,
            seed=seed,
            rng=rng,
        )

    def schedule(self, rng: np.random.Generator) -> schedules.Season:
        """Return the swinging weights."""
        d = 1 + 2 * self.content_size
        return schedules.Season(
            middle=draw_weights(d, self.spread / np.sqrt(2), rng=rng),
            swing=draw_weights(d, self.spread, rng=rng),
            phase=2 * np.pi * rng.random(d),
            period=self.period,
        )
