"""The peers' part of the comparison, run by an interpreter that has them: see bakeoff.py."""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol

from bakeoff_runs import FRESH_SEEDS, RESULTS, ROUNDS, WORLDS, measured
from bakeoff_store import Run, Store
from bakeoff_tuning import TUNING_SEEDS, Family, semifinalists, tuned

from equipoise.policies.registry import PolicyConfig

FINALISTS = 2
"""Families of a library that meet the fresh seeds in a world; all that were tuned with `--thorough`."""


class Library(Protocol):
    """A module of adapters: `bakeoff_vw`, `bakeoff_mabwiser`."""

    def families(self, world: str) -> Sequence[Family]:
        """Return the families that can be run in `world`."""
        ...

    def configured(self, world: str, family: str, setting: str, seed: int) -> PolicyConfig:
        """Return what starts the peer."""
        ...


@dataclass(slots=True, kw_only=True)
class Bench:
    """Runs of one library, made where they are not kept yet."""

    library: Library
    file: str
    store: Store
    rounds: int
    begun: float = field(default_factory=time.monotonic)
    made: int = 0

    def run(self, world: str, family: str, setting: str, seed: int) -> Run:
        """Return one run; its curve is kept if the seed is not for tuning."""
        return self.store.get(
            (world, family, setting, self.rounds, seed),
            lambda: self._made(world, family, setting, seed),
            file=self.file,
        )

    def regret(self, world: str) -> Callable[[str, str, int], float]:
        """Return the regret of runs in `world`, for tuning."""
        return lambda family, setting, seed: self.run(world, family, setting, seed).regret

    def _made(self, world: str, family: str, setting: str, seed: int) -> Run:
        run = measured(
            world,
            family,
            setting,
            seed,
            config=self.library.configured(world, family, setting, seed),
            rounds=self.rounds,
            curve=seed not in TUNING_SEEDS,
        )
        self.made += 1
        minutes = (time.monotonic() - self.begun) / 60
        print(
            f"{minutes:6.1f} min {self.made:5d} {world:18s} {family:14s} {setting:60s} seed {seed:3d} "
            f"regret {run.regret:.4f} {run.seconds:.1f} s",
            flush=True,
        )
        return run


def sift(bench: Bench, world: str) -> None:
    """Try every family on the first seed."""
    semifinalists(bench.library.families(world), bench.regret(world))


def tune(bench: Bench, world: str) -> None:
    """Find the best setting of the families that are still in."""
    for family in semifinalists(bench.library.families(world), bench.regret(world)):
        tuned(family, bench.regret(world))


def compare(bench: Bench, world: str, finalists: int = FINALISTS) -> None:
    """Let the best settings of the best families meet the fresh seeds."""
    regret = bench.regret(world)
    best = {
        family.name: tuned(family, regret)
        for family in semifinalists(bench.library.families(world), regret)
    }
    names = sorted(best, key=lambda name: best[name][1])[:finalists]
    for seed in FRESH_SEEDS:
        for name in names:
            bench.run(world, name, best[name][0], seed)


def main() -> None:
    options = _options()
    for library in options.libraries:
        bench = Bench(
            library=import_module(f"bakeoff_{library}"),
            file=library,
            store=Store.opened(options.out),
            rounds=options.rounds,
        )
        for step in (sift, tune, compare):
            for world in options.worlds:
                step(bench, world)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--worlds", type=lambda names: names.split(","), default=WORLDS)
    parser.add_argument("--libraries", type=lambda names: names.split(","), default=["vw", "mabwiser"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
