"""Several objectives: earn as much as possible, and keep at least so much of the best engagement.

The Lagrangian of that is earned + price * engaged: one reward, which any policy can learn from. The price
of engagement is learnt online by dual ascent (Arrow, Hurwicz and Uzawa, 1958; for bandits, Agrawal and
Devanur, 2014): it rises while too little is engaged, and falls to 0 while more than enough is.
"""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError
from equipoise.types import Floats

ENGAGEMENT = RewardWeights(
    click=1.0, favourite=0.0, cart=0.0, remove_from_cart=0.0, purchase=0.0, returned=0.0, value=0.0
)
"""One for each click, and nothing else."""
_DEAREST = 1_000.0
"""The price goes no higher, in units of earned over engaged: engagement is then all that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Maximise `earns` while at least `floor` of the best `engages` is kept; both weigh outcomes.

    `rate` is how far the price moves for a slate that lacks all of the floor, in units of what a slate
    usually earns over what it usually engages. `half_life`: slates after which a mean counts half.
    """

    earns: RewardWeights = field(default_factory=RewardWeights)
    engages: RewardWeights = field(default_factory=lambda: ENGAGEMENT)
    floor: float = 0.9
    rate: float = 0.001
    half_life: float = 5_000.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.floor <= 1.0:
            raise BadInputError("floor", f"must lie in [0, 1], not {self.floor}")
        if not (self.rate > 0.0 and self.half_life > 0.0):
            raise BadInputError("objective", "needs rate > 0 and half_life > 0")

    def start(self) -> "Lagrangian":
        """Return the Lagrangian before any slate, with engagement for nothing."""
        return Lagrangian(objective=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came in of late: so many more `slates`, and what they or older ones `earned` and `engaged`."""

    slates: int = 0
    earned: float = 0.0
    engaged: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mean:
    """A mean that forgets."""

    total: float = 0.0
    count: float = 0.0

    def add(self, total: float, slates: int, half_life: float) -> Self:
        keep = 0.5 ** (slates / half_life)
        return replace(self, total=self.total * keep + total, count=self.count * keep + slates)

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lagrangian:
    """The price of engagement now, and the means it is learnt from; immutable.

    `reference` is what slates engage that are chosen for engagement alone: a small share of the requests,
    or a variant of the experiment.
    """

    objective: Objective
    price: float = 0.0
    earned: _Mean = field(default_factory=_Mean)
    engaged: _Mean = field(default_factory=_Mean)
    reference: _Mean = field(default_factory=_Mean)

    @property
    def rewards(self) -> RewardWeights:
        """The one reward that policies learn from now, for the join of the log."""
        return self.objective.earns.plus(self.objective.engages, self.price)

    def reward(self, earned: Floats, engaged: Floats) -> Floats:
        """Return the one reward of outcomes that are added up already."""
        total: Floats = earned + self.price * engaged
        return total

    @property
    def share(self) -> float:
        """How much of the best engagement was kept of late, as far as is known; 1 where nothing is."""
        return self.engaged.mean / self.reference.mean if self.reference.mean > 0.0 else 1.0

    def learn(self, earned: Floats, engaged: Floats, reference: Floats) -> "Lagrangian":
        """Return the Lagrangian after slates that `earned` and `engaged` (n,).

        `reference` (m,) is what those chosen for engagement alone engaged.
        """
        return self.add(
            Outcome(slates=len(earned), earned=float(earned.sum()), engaged=float(engaged.sum())),
            Outcome(slates=len(reference), engaged=float(reference.sum())),
        )

    def add(self, ours: Outcome, reference: Outcome) -> "Lagrangian":
        """Return the Lagrangian after outcomes of slates chosen by its reward, and for engagement alone.

        Outcomes that come late count for the slates of the day they come.
        """
        half_life = self.objective.half_life
        known = replace(
            self,
            earned=self.earned.add(ours.earned, ours.slates, half_life),
            engaged=self.engaged.add(ours.engaged, ours.slates, half_life),
            reference=self.reference.add(reference.engaged, reference.slates, half_life),
        )
        return replace(known, price=known._price(ours.slates))

    def _price(self, slates: int) -> float:
        """Return the price after one step up the dual; it stays where nothing can be compared yet."""
        if self.engaged.mean <= 0.0 or self.reference.mean <= 0.0:
            return self.price
        unit = max(self.earned.mean, 0.0) / self.engaged.mean
        lacking = self.objective.floor - self.share
        return float(
            np.clip(self.price + self.objective.rate * slates * unit * lacking, 0.0, _DEAREST * unit)
        )
