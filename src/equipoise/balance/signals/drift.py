"""Do rewards still come as expected? An e-detector (Shin, Ramdas and Rinaldo, 2023) on the residuals.

For a reward r in [0, c] with mean m, and any t, E exp(t (r - m)) <= exp(m (exp(tc) - 1 - tc) / c): the
chord of the exponential. So the product of exp(t (r - m) - m (exp(tc) - 1 - tc) / c) never grows on
average while the expectations are right. Started anew at every impression and added up (Shiryaev and
Roberts), its mean is at most the number of impressions, and so it takes at least `patience` of them, on
average, until it reaches `patience` by chance. It is averaged over t of both signs, for rewards may rise
or fall. What is off by no more than the `tolerance` does not count as change.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats

_SLOPES = np.array([-0.8, -0.4, -0.2, -0.1, 0.1, 0.2, 0.4, 0.8])
"""The t of the formula, in units of 1 / c."""
_LARGEST = 1e300


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReading:
    """`evidence` that something changed, as a share of what an alarm takes; `alarms` so far.

    `since` counts the impressions since the last alarm, or since the start.
    """

    evidence: float
    alarms: int
    since: float


@runtime_checkable
class Watchful(Protocol):
    """A policy that watches for changes of taste."""

    @property
    def reading(self) -> DriftReading:
        """The signal as a value."""
        ...

    @property
    def drifting(self) -> bool:
        """Whether taste changed lately."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """At most one false alarm in `patience` impressions, on average, if no mean is off by `tolerance`.

    `tolerance` is a share of the expected reward; rewards of an impression lie in [0, `scale`].
    """

    patience: float = 100_000.0
    tolerance: float = 0.1
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not (self.patience > 1.0 and self.scale > 0.0 and 0.0 <= self.tolerance < 1.0):
            raise BadInputError("drift", "needs patience > 1, scale > 0 and a tolerance in [0, 1)")

    def start(self) -> "DriftSignal":
        """Return the signal before any impression."""
        return DriftSignal(config=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftSignal:
    """The state of `Drift`; `sums` holds one sum for each t."""

    config: Drift
    sums: Floats = field(default_factory=lambda: np.zeros(len(_SLOPES)))
    alarms: int = 0
    since: float = 0.0

    def add(self, rewards: Floats, expected: Floats) -> "DriftSignal":
        """Return the signal after impressions that earned `rewards` (n,) where `expected` (n,) was.

        `expected` must have been said before the rewards were known, and tell what they mean in full: a
        reward that is not known yet belongs to a later call.
        """
        n = len(rewards)
        if n == 0:
            return self
        sums = np.minimum((self.sums + n) * np.exp(self._growth(rewards, expected)), _LARGEST)
        if sums.mean() < self.config.patience:
            return replace(self, sums=sums, since=self.since + n)
        return replace(self, sums=np.zeros(len(sums)), alarms=self.alarms + 1, since=0.0)

    @property
    def reading(self) -> DriftReading:
        """The signal as a value."""
        evidence = float(self.sums.mean()) / self.config.patience
        return DriftReading(evidence=evidence, alarms=self.alarms, since=self.since)

    def _growth(self, rewards: Floats, expected: Floats) -> Floats:
        total, promised = float(rewards.sum()), float(expected.sum())
        scale, tolerance = self.config.scale, self.config.tolerance
        # The least favourable mean within the tolerance: the lowest for slopes that look down.
        means = promised * np.where(_SLOPES < 0.0, 1.0 - tolerance, 1.0 + tolerance) / scale
        growth: Floats = _SLOPES * (total / scale - means) - means * (np.expm1(_SLOPES) - _SLOPES)
        return np.clip(growth, -600.0, 600.0)
