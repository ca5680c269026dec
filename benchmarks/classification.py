"""Classification as a bandit, after Bietti, Agarwal and Langford (2021): ours beside greedy and RegCB of VW.

    PYTHONPATH=src PYTHON benchmarks/classification.py --out benchmarks/results/classification

PYTHON is the interpreter of the peers (see bakeoff.py) with scikit-learn. In each of thirty sets a
contestant chooses a class for every row once, learns in batches of 10 whether it was right, and is judged
by the share of wrong choices on the way (progressive validation). The peers have their best setting for
each set, tuned under two seeds that are not compared; ours one default. A seed gives the order of the rows,
and what is generated. A win is a lower loss over ten seeds by a paired t-test at 5 %.
"""

import argparse
from functools import lru_cache
from pathlib import Path

from bakeoff_store import Run, Store
from bakeoff_tuning import Entrant, Family, tuning_seeds
from bakeoff_vw_policy import VW, Lines, sparse
from classification_sets import SETS, Labelled
from classification_table import RESULTS, SEEDS, section
from equipoise.balance.registry import named
from equipoise.policies.registry import PolicyConfig
from equipoise.simulation.study import Setting, measure

BATCH = 10
RATES = ("", "-l 0.1", "-l 2", "--power_t 0", "--power_t 0 -l 0.1")
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

    return Entrant(family=family, seeds=tuning_seeds(name), short=loss, whole=loss)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--sets", type=_names, default=tuple(SETS))
    parser.add_argument("--ours", type=_names, default=("balanced",))
    parser.add_argument("--again", type=_names, default=(), help="contestants to measure anew")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    return text.split(",") if text else []


if __name__ == "__main__":
    main()
