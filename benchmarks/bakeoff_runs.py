"""One contestant in one world under one seed, the same way for all: decide 20 requests, then learn them."""

from pathlib import Path

from bakeoff_store import Run
from equipoise.policies.registry import PolicyConfig
from equipoise.simulation.registry import ENVIRONMENTS, found
from equipoise.simulation.study import Setting, measure

ROUNDS, BATCH = 20_000, 20
TOO_SLOW_ROUNDS = 200
"""What is too slow for the comparison is run for so many rounds, to say how slow it is."""
FRESH_SEEDS = tuple(range(10))
WORLDS = tuple(name for name in ENVIRONMENTS if not name.endswith("_replay"))
RESULTS = Path(__file__).parent / "results" / "bakeoff"


def measured(
    world: str, contestant: str, setting: str, seed: int, *, config: PolicyConfig, rounds: int, curve: bool
) -> Run:
    """Return how `contestant` fares; the curve of its regret too, if asked for."""
    place = found(world)
    how = Setting(rounds=rounds, batch=BATCH, k=place.k)
    one = measure(place.factory, config, how, name=contestant, seed=seed)
    assert one.regret is not None
    return Run(
        world=world,
        contestant=contestant,
        setting=setting,
        rounds=rounds,
        seed=seed,
        regret=round(one.regret, 8),
        reward=round(one.reward, 8),
        explored=round(one.explored, 5),
        seconds=one.seconds,
        curve=[round(regret or 0.0, 3) for _, regret, _ in one.curve] if curve else [],
    )
