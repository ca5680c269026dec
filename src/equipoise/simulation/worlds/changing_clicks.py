"""Clicks whose weights follow a schedule: what the drifting worlds share."""

import numpy as np

from equipoise.simulation.parts.candidates import Sampled
from equipoise.simulation.parts.click_models import PositionBias
from equipoise.simulation.parts.items import draw_items
from equipoise.simulation.parts.plan import Plan
from equipoise.simulation.parts.schedules import Schedule
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.parts.taste import Changing
from equipoise.simulation.parts.visitors import OneKind

CHANGES = 1_000
"""How many changes are laid out ahead; after the last, taste stays."""


def changing_clicks(
    schedule: Schedule,
    *,
    n_items: int,
    candidates: int,
    content_size: int,
    click_rate: float,
    seed: int,
    rng: np.random.Generator,
) -> Shop:
    """Return a shop in which log-odds are linear in the features, by the weights of `schedule`."""
    plan = Plan(
        items=draw_items(n_items, content_size, rng=rng),
        candidates=Sampled(n_items, candidates),
        visitors=OneKind(size=content_size),
        terms=(Changing(schedule),),
        clicks=PositionBias(),
    )
    return Shop.opened(plan.clicked_at(click_rate, seed=seed), seed=seed)
