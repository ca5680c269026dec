"""A peer's best setting for a world, by successive halving on seeds that the comparison does not use.

A family of settings is an exploration with its degrees, on one of several learners. In short runs all
explorations are tried on the first learner; the best families then try their best exploration on the other
learners. The best settings of each are run at full length, and the lowest regret wins. Everything is tried
on every tuning seed, and judged by the mean.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

SHORT = 0.3
"""The length of a short run, as a share of a whole one."""
SEMIFINALISTS = 3
"""Families that go on after the short runs."""
WHOLE = 2
"""Settings of a family that are run at full length."""
LUCKY = {"same_items": tuple(range(100, 104))}
"""Worlds in which luck decides more, as whoever does not explore is locked in: more seeds for tuning."""

Trial: TypeAlias = Callable[[str, int], float]
"""Called with (setting, seed), returns the regret a round."""


def tuning_seeds(world: str) -> tuple[int, ...]:
    """Return the seeds on which peers are tuned for `world`."""
    return LUCKY.get(world, (100, 101))


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One way to explore, in several degrees, on one of several learners; the first is the usual one."""

    name: str
    explorations: tuple[str, ...]
    learners: tuple[str, ...] = ("",)

    def settings(self) -> list[str]:
        """Return every exploration on the first learner."""
        return [f"{exploration} {self.learners[0]}".strip() for exploration in self.explorations]

    def relearnt(self, setting: str) -> list[str]:
        """Return the exploration of `setting`, one of `settings()`, on each of the other learners."""
        exploration = self.explorations[self.settings().index(setting)]
        return [f"{exploration} {learner}".strip() for learner in self.learners[1:]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A family that can be tried on `seeds`, in `short` runs and `whole` ones."""

    family: Family
    seeds: tuple[int, ...]
    short: Trial
    whole: Trial

    def first(self) -> tuple[str, float]:
        """Return the best setting with the first learner, and its regret in short runs."""
        return self._ranked(self.family.settings(), self.short)[0]

    def tuned(self) -> tuple[str, float]:
        """Return the best setting and its regret."""
        best, _ = self.first()
        tried = self._ranked([*self.family.settings(), *self.family.relearnt(best)], self.short)
        return self._ranked([setting for setting, _ in tried[:WHOLE]], self.whole)[0]

    def _ranked(self, settings: Sequence[str], trial: Trial) -> list[tuple[str, float]]:
        """Return `settings` with their mean regrets, the lowest first."""
        regrets = {
            setting: float(np.mean([trial(setting, seed) for seed in self.seeds])) for setting in settings
        }
        return sorted(regrets.items(), key=lambda item: item[1])


def semifinalists(entrants: Sequence[Entrant]) -> list[Entrant]:
    """Return the entrants that do best in short runs, the best first."""
    return sorted(entrants, key=lambda entrant: entrant.first()[1])[:SEMIFINALISTS]
