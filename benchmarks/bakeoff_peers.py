"""The peers' part of the comparison, run by an interpreter that has them: see bakeoff.py."""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from bakeoff_runs import FRESH_SEEDS, RESULTS, ROUNDS, TOO_SLOW_ROUNDS, WORLDS, measured
from bakeoff_store import Run, Store
from bakeoff_tuning import SEMIFINALISTS, SHORT, WHOLE, Entrant, Family, Trial, semifinalists, tuning_seeds
from equipoise.policies.registry import PolicyConfig

FAR_BEHIND, FEW_SEEDS = 3.0, 3
"""A library whose best has this many times the regret of the other's in short runs is not tuned further, and
meets so few of the fresh seeds.
"""
NEAR = 1.2
"""A family with more than this many times the regret of its library's best is not compared."""


class Library(Protocol):
    """A module of adapters: `bakeoff_vw`, `bakeoff_mabwiser`."""

    FINALISTS: int
    """How many of its families meet the fresh seeds in a world."""

    def families(self, world: str) -> Sequence[Family]:
        """Return the families that can be run in `world`."""
        ...

    def too_slow(self, world: str) -> Sequence[Family]:
        """Return the families that take too long in `world`."""
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
    wanted: float
    begun: float = field(default_factory=time.monotonic)
    made: float = 0.0

    @property
    def short(self) -> int:
        """The rounds of a short run."""
        return int(SHORT * self.rounds)

    def entrants(self, world: str) -> list[Entrant]:
        """Return the families of the library that can be tried in `world`."""
        return [
            Entrant(
                family=family,
                seeds=tuning_seeds(world),
                short=self._trial(world, family.name, self.short),
                whole=self._trial(world, family.name, self.rounds),
            )
            for family in self.library.families(world)
        ]

    def _trial(self, world: str, family: str, rounds: int) -> Trial:
        return lambda setting, seed: self.run(world, family, setting, seed, rounds).regret

    def run(self, world: str, family: str, setting: str, seed: int, rounds: int) -> Run:
        """Return one run; its curve is kept if the seed is not for tuning."""
        return self.store.get(
            (world, family, setting, rounds, seed),
            lambda: self._made(world, family, setting, seed, rounds),
            file=self.file,
        )

    def bar(self, world: str) -> float:
        """Return the regret above which the library is far behind another one's best short runs."""
        own = {family.name for family in self.library.families(world)}
        others: dict[tuple[str, str], list[float]] = {}
        for run in self.store.runs.values():
            if (run.world, run.rounds) == (world, self.short) and run.contestant not in own:
                others.setdefault((run.contestant, run.setting), []).append(run.regret)
        complete = [regrets for regrets in others.values() if len(regrets) == len(tuning_seeds(world))]
        return FAR_BEHIND * min((float(np.mean(regrets)) for regrets in complete), default=np.inf)

    def _made(self, world: str, family: str, setting: str, seed: int, rounds: int) -> Run:
        run = measured(
            world,
            family,
            setting,
            seed,
            config=self.library.configured(world, family, setting, seed),
            rounds=rounds,
            curve=seed in FRESH_SEEDS,
        )
        self.made += rounds / self.rounds
        print(
            f"{self._clock()}  {world:18s} {family:14s} {setting:60s} {rounds} rounds, seed {seed:3d}: "
            f"regret {run.regret:.4f} in {run.seconds:.1f} s",
            flush=True,
        )
        return run

    def _clock(self) -> str:
        """Return the minutes so far and those left at this pace, at most: what is kept takes none."""
        minutes = (time.monotonic() - self.begun) / 60
        left = max(0.0, self.wanted - self.made)
        return f"{minutes:6.1f} min, at most {left * minutes / self.made:4.0f} left"


def wanted(library: Library, worlds: Sequence[str]) -> float:
    """Return how many runs of full length the comparison takes in all, at most."""
    return sum(_wanted(library, world) for world in worlds)


def _wanted(library: Library, world: str) -> float:
    families = library.families(world)
    short = sum(len(family.explorations) for family in families)
    short += SEMIFINALISTS * max(len(family.learners) - 1 for family in families)
    tuning = len(tuning_seeds(world)) * (SHORT * short + WHOLE * SEMIFINALISTS)
    return tuning + library.FINALISTS * len(FRESH_SEEDS)


@dataclass(frozen=True, slots=True)
class Finalist:
    """A family with its best setting, and the fresh seeds that it meets."""

    family: str
    setting: str
    seeds: tuple[int, ...]


def finalists(bench: Bench, world: str) -> list[Finalist]:
    """Return the best of the library's families, tuned on the tuning seeds."""
    for family in bench.library.too_slow(world):
        bench.run(world, family.name, family.settings()[0], tuning_seeds(world)[0], TOO_SLOW_ROUNDS)
    entrants = semifinalists(bench.entrants(world))
    setting, regret = entrants[0].first()
    if regret > bench.bar(world):
        return [Finalist(entrants[0].family.name, setting, FRESH_SEEDS[:FEW_SEEDS])]
    tuned = sorted((entrant.tuned()[::-1], entrant.family.name) for entrant in entrants)
    return [
        Finalist(name, setting, FRESH_SEEDS)
        for (regret, setting), name in tuned[: bench.library.FINALISTS]
        if regret <= NEAR * tuned[0][0][0]
    ]


def compare(bench: Bench, world: str) -> None:
    """Let the finalists meet the fresh seeds."""
    for finalist in finalists(bench, world):
        for seed in finalist.seeds:
            bench.run(world, finalist.family, finalist.setting, seed, bench.rounds)


def main() -> None:
    options = _options()
    for name in options.libraries:
        library = cast("Library", import_module(f"bakeoff_{name}"))
        bench = Bench(
            library=library,
            file=name,
            store=Store.opened(options.out),
            rounds=options.rounds,
            wanted=wanted(library, options.worlds),
        )
        for step in (finalists, compare):
            for world in options.worlds:
                step(bench, world)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--worlds", type=_names, default=WORLDS)
    parser.add_argument("--libraries", type=_names, default=["vw", "mabwiser"])
    return parser.parse_args()


def _names(text: str) -> list[str]:
    return text.split(",")


if __name__ == "__main__":
    main()
