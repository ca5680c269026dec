"""What the classification sets came to: how many were won and lost."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bakeoff_store import Store
from equipoise.simulation.intervals import interval

SEEDS = tuple(range(10))
RESULTS = Path(__file__).parent / "results" / "classification"


def section(store: Store) -> list[str]:
    """Return the results as lines of Markdown: sets won and lost by the row against the column."""
    losses = _losses(store)
    names = sorted(losses, key=lambda name: float(np.mean([np.mean(each) for each in losses[name].values()])))
    lines = [
        f"| | {' | '.join(f'`{name}`' for name in names)} | mean loss |",
        "|---" * (len(names) + 2) + "|",
    ]
    for name in names:
        cells = [_won_and_lost(losses[name], losses[other]) if other != name else "" for other in names]
        mean = np.mean([np.mean(each) for each in losses[name].values()])
        lines.append(f"| `{name}` | {' | '.join(cells)} | {mean:.4f} ({len(losses[name])} sets) |")
    return lines


def _losses(store: Store) -> dict[str, dict[str, list[float]]]:
    """Return the losses of each contestant in each set that it finished, in order of seed."""
    found: dict[str, dict[str, dict[int, float]]] = {}
    for one in store.runs.values():
        if one.seed in SEEDS:
            found.setdefault(one.contestant, {}).setdefault(one.world, {})[one.seed] = one.regret
    return {
        name: {
            world: [seeds[s] for s in SEEDS] for world, seeds in worlds.items() if len(seeds) == len(SEEDS)
        }
        for name, worlds in found.items()
    }


def _won_and_lost(mine: dict[str, list[float]], theirs: dict[str, list[float]]) -> str:
    """Return on how many of the sets both finished the loss is surely lower, and surely higher."""
    signs = [_sign(mine[world], theirs[world]) for world in mine if world in theirs]
    return f"{signs.count(-1)} won, {signs.count(1)} lost"


def _sign(mine: Sequence[float], theirs: Sequence[float]) -> int:
    one = interval([a - b for a, b in zip(mine, theirs, strict=True)])
    assert one.low is not None
    assert one.high is not None
    return int(one.low > 0) - int(one.high < 0)
