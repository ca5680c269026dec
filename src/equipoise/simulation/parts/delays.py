"""When a reward becomes known: at once, or rounds later, or never."""

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.simulation.impressions import joined, nothing, taken
from equipoise.types import Ints

NEVER = 1 << 60


class Delay(Protocol):
    """How long rewards take."""

    @property
    def credited(self) -> float:
        """The share of rewards that is ever credited."""
        ...

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> Ints:
        """Return the rounds until each reward is known: 0 at once, `NEVER` if it is lost."""
        ...


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Every reward is known before the next request."""

    credited: float = field(default=1.0, init=False)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> Ints:
        """Return zeros of `shape`."""
        return np.zeros(shape, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometric:
    """Delays are geometric with `mean` rounds; what takes longer than `window` is never credited."""

    mean: float
    window: int

    def __post_init__(self) -> None:
        if self.mean < 1 or self.window < 1:
            raise BadInputError("delay", "mean and window are rounds and must be at least 1")

    @property
    def credited(self) -> float:
        """P(delay <= window)."""
        return 1.0 - float((1.0 - 1.0 / self.mean) ** self.window)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> Ints:
        """Return delays of `shape`, each at least 1."""
        rounds = rng.geometric(1.0 / self.mean, size=shape)
        return np.where(rounds <= self.window, rounds, NEVER)


@dataclass(slots=True)
class Post:
    """Rewards under way to the policy."""

    waiting: list[tuple[Ints, LoggedFeedback]] = field(default_factory=list)

    def send(self, rewards: LoggedFeedback, due: Ints) -> None:
        """Deliver each row of `rewards` when the clock reaches `due` (n,); none that is due `NEVER`."""
        late = replace(rewards, impressions=np.zeros(len(rewards)))
        self.waiting.append((due, late))

    def collect(self, now: int) -> LoggedFeedback:
        """Return the rows due by round `now`, in the order sent, and forget them."""
        if not self.waiting:
            return nothing()
        ready = [taken(rows, np.flatnonzero(due <= now)) for due, rows in self.waiting]
        left = [(due, np.flatnonzero((due > now) & (due < NEVER)), rows) for due, rows in self.waiting]
        self.waiting = [(due[later], taken(rows, later)) for due, later, rows in left if len(later)]
        return joined(*ready)
