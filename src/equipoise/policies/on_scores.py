"""Exploration on top of scores that someone else works out, a value learner for one."""

from dataclasses import dataclass
from typing import Protocol

from equipoise.policies.policy import Options
from equipoise.policies.sampler import SlotBySlot, Weigh
from equipoise.types import Floats, Ints


class Exploration(Protocol):
    """The settings of a policy that can explore around any worth, whoever estimated it."""

    def exploring(self, candidates: Ints, seen: float | Floats, scale: float) -> Weigh:
        """Return the weighing of n requests with `candidates` (n, 1) each.

        `seen` is how many impressions the worth rests on, one number or (n, 1), and `scale` a usual worth.
        """
        ...


@dataclass(frozen=True, slots=True)
class OnScores(SlotBySlot):
    """Shows candidates by their scores, explored as `weigh` says."""

    weigh: Weigh

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh the scores."""
        return options.scores, self.weigh
