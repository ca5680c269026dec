"""A peer's best setting for a world, by successive halving on two seeds that the comparison does not use.

A family of settings is an exploration with its degrees, on one of several learners. In a short run on the
first seed all explorations are tried on the first learner; the best families then try their best
exploration on the other learners. The best settings of each are run at full length, and the best of those
on the second seed too, where the lowest mean regret wins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

TUNING_SEEDS = (100, 101)
SHORT = 0.3
"""The length of a short run, as a share of a whole one."""
SEMIFINALISTS = 3
"""Families that go on after the first seed."""
WHOLE, TWICE = 3, 2
"""Settings of a family that are run at full length, and those of them that meet the second seed."""

Trial: TypeAlias = Callable[[str, int], float]
"""Called with (setting, seed), returns the regret a round."""


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
    """A family that can be tried: `short` runs and `whole` ones."""

    family: Family
    short: Trial
    whole: Trial

    def first(self) -> tuple[str, float]:
        """Return the best setting with the first learner, and its regret in a short run."""
        regrets = {setting: self.short(setting, TUNING_SEEDS[0]) for setting in self.family.settings()}
        return _lowest(regrets)[0]

    def tuned(self) -> tuple[str, float]:
        """Return the best setting and its mean regret over both seeds."""
        best, _ = self.first()
        tried = [*self.family.settings(), *self.family.relearnt(best)]
        short = _lowest({setting: self.short(setting, TUNING_SEEDS[0]) for setting in tried})
        whole = _lowest({setting: self.whole(setting, TUNING_SEEDS[0]) for setting, _ in short[:WHOLE]})
        twice = {
            setting: (regret + self.whole(setting, TUNING_SEEDS[1])) / 2 for setting, regret in whole[:TWICE]
        }
        return _lowest(twice)[0]


def semifinalists(entrants: Sequence[Entrant]) -> list[Entrant]:
    """Return the entrants that do best in short runs, the best first."""
    return sorted(entrants, key=lambda entrant: entrant.first()[1])[:SEMIFINALISTS]


def _lowest(regrets: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(regrets.items(), key=lambda item: item[1])
