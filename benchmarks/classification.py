"""Classification as a bandit, after Bietti, Agarwal and Langford (2021): ours beside greedy and RegCB of VW.

    PYTHONPATH=src PYTHON benchmarks/classification.py --out benchmarks/results/classification

PYTHON is the interpreter of the peers (see bakeoff.py) with scikit-learn. In each of thirty sets a
contestant chooses a class for every row once, learns in batches of 10 whether it was right, and is judged
by the share of wrong choices on the way (progressive validation). The peers have their best setting for
each set, tuned under two seeds that are not compared; ours one default. A seed gives the order of the rows,
and what is generated. A win is a lower loss over ten seeds by a paired t-test at 5 %.
"""

import argparse
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from bakeoff_store import Run, Store
from bakeoff_tuning import TUNING_SEEDS, Entrant, Family
from bakeoff_vw import VW, Lines, sparse
from classification_sets import SETS, Labelled
from equipoise.policies.registry import PolicyConfig, named
from equipoise.simulation.intervals import interval
from equipoise.simulation.study import Setting, measure

BATCH = 10
SEEDS = tuple(range(10))
RATES = ("", "-l 0.1", "-l 2", "--power_t 0", "--power_t 0 -l 0.1")
RESULTS = Path(__file__).parent / "results" / "classification"
COSTS = "--cb_min_cost -1 --cb_max_cost 0"
OPTIMISM = tuple(f"--regcbopt --mellowness {share} {COSTS}" for share in (0.0001, 0.001, 0.01, 0.1))
PEERS = (
    Family(name="vw_greedy", explorations=tuple(f"--epsilon 0 {rate}".strip() for rate in RATES)),
    Family(
        name="vw_regcb",
        explorations=(*OPTIMISM, f"--regcb --mellowness 0.001 {COSTS}"),
        learners=RATES,
    ),
)


def main() -> None:
    options = _options()
    store = Store.opened(options.out)
    for name in options.again:
        store.forget(name)
    for name in options.sets:
        for policy in options.ours:
            for seed in SEEDS:
                run(store, name, policy, "default", seed)
        for family in PEERS if options.peers else ():
            setting, _ = _entrant(store, name, family).tuned()
            for seed in SEEDS:
                run(store, name, family.name, setting, seed)
    print("\n".join(section(store)))


def run(store: Store, name: str, contestant: str, setting: str, seed: int) -> Run:
    """Return one pass over the set called `name`, made if it is not kept."""
    rows = _size(name)
    return store.get(
        (name, contestant, setting, rows, seed),
        lambda: _made(name, contestant, setting, seed, rows),
        file="classification",
    )


@lru_cache
def _size(name: str) -> int:
    return len(Labelled.opened(name, 0))


def _made(name: str, contestant: str, setting: str, seed: int, rows: int) -> Run:
    one = measure(
        lambda seed: Labelled.opened(name, seed),
        _config(name, contestant, setting, seed),
        Setting(rounds=rows, batch=BATCH),
        name=contestant,
        seed=seed,
    )
    print(f"{name:16s} {contestant:14s} {setting:60s} seed {seed:3d} loss {one.regret:.4f}", flush=True)
    return Run(
        world=name,
        contestant=contestant,
        setting=setting,
        rounds=rows,
        seed=seed,
        regret=round(one.regret or 0.0, 8),
        reward=round(one.reward, 8),
        explored=round(one.explored, 5),
        seconds=one.seconds,
    )


def _config(name: str, contestant: str, setting: str, seed: int) -> PolicyConfig:
    if contestant.startswith("vw_"):
        return VW(arguments=setting, lines=_lines(name, seed))
    return named(contestant)


@lru_cache(maxsize=4)
def _lines(name: str, seed: int) -> Lines:
    return Lines(sparse)


def _entrant(store: Store, name: str, family: Family) -> Entrant:
    """Return `family` to be tuned; the sets are small, so that its short runs are whole."""

    def loss(setting: str, seed: int) -> float:
        return run(store, name, family.name, setting, seed).regret

    return Entrant(family=family, short=loss, whole=loss)


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
        if one.seed not in TUNING_SEEDS:
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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--sets", type=_names, default=tuple(SETS))
    parser.add_argument("--ours", type=_names, default=("lin_boltzmann", "lin_greedy"))
    parser.add_argument("--again", type=_names, default=(), help="contestants to measure anew")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    return text.split(",") if text else []


if __name__ == "__main__":
    main()
