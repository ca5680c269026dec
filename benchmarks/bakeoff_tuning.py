"""A peer's best setting for a world: tried on two seeds that the comparison does not use.

A family of settings is an exploration with its degrees, on one of several learners. On the first seed all
explorations are tried on the first learner; the best families then try their best exploration on the other
learners, and their best settings meet the second seed. The lowest mean regret wins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

TUNING_SEEDS = (100, 101)
SEMIFINALISTS, FINALISTS = 3, 3
"""Families that go on after the first seed, and settings of each that meet the second."""

Regret: TypeAlias = Callable[[str, str, int], float]
"""Called with (family, setting, seed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One way to explore, in several degrees, on one of several learners; the first is the usual one."""

    name: str
    explorations: tuple[str, ...]
    learners: tuple[str, ...] = ("",)

    def settings(self) -> list[str]:
        """Return every exploration on the first learner."""
        return [_joined(exploration, self.learners[0]) for exploration in self.explorations]

    def relearnt(self, setting: str) -> list[str]:
        """Return the exploration of `setting`, one of `settings()`, on each of the other learners."""
        exploration = self.explorations[self.settings().index(setting)]
        return [_joined(exploration, learner) for learner in self.learners[1:]]


def _joined(exploration: str, learner: str) -> str:
    return f"{exploration} {learner}".strip()


def semifinalists(families: Sequence[Family], regret: Regret) -> list[Family]:
    """Return the families that do best on the first seed, the best first."""
    return sorted(families, key=lambda family: regret(family.name, _first(family, regret), TUNING_SEEDS[0]))[
        :SEMIFINALISTS
    ]


def tuned(family: Family, regret: Regret) -> tuple[str, float]:
    """Return the best setting of `family` and its mean regret over both seeds."""
    seed, other = TUNING_SEEDS
    best = _first(family, regret)
    tried = sorted(
        [*family.settings(), *family.relearnt(best)], key=lambda setting: regret(family.name, setting, seed)
    )
    means = {
        setting: (regret(family.name, setting, seed) + regret(family.name, setting, other)) / 2
        for setting in tried[:FINALISTS]
    }
    winner = min(means, key=means.__getitem__)
    return winner, means[winner]


def _first(family: Family, regret: Regret) -> str:
    return min(family.settings(), key=lambda setting: regret(family.name, setting, TUNING_SEEDS[0]))
