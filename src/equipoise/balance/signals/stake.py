"""What is at stake in a request: an experiment with a dear slate costs more than with a cheap one."""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeReading:
    """What the best slate of a request is usually worth, in units of reward or of margin."""

    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """A mean of what the best `k` candidates are worth together, halved in `half_life` requests."""

    k: int
    half_life: float = 1_000.0
    total: float = 0.0
    count: float = 0.0

    def __post_init__(self) -> None:
        if not (self.half_life > 0.0 and self.k >= 1):
            raise BadInputError("stake", f"needs k >= 1 and half_life > 0, not {self.k} and {self.half_life}")

    def add(self, worths: Floats) -> "Stake":
        """Return the signal after requests whose candidates are worth `worths` (n, m), -inf where none is."""
        keep = 0.5 ** (len(worths) / self.half_life)
        return Stake(
            k=self.k,
            half_life=self.half_life,
            total=self.total * keep + float(at_stake(worths, self.k).sum()),
            count=self.count * keep + len(worths),
        )

    def relative(self, worths: Floats) -> Floats:
        """Return what is at stake in each request over what usually is, (n,); 1 before any request."""
        usual = self.reading.usual
        ratio: Floats = at_stake(worths, self.k) / usual if usual > 0.0 else np.ones(len(worths))
        return ratio

    @property
    def reading(self) -> StakeReading:
        """The signal as a value; 0 before any request."""
        return StakeReading(usual=self.total / self.count if self.count else 0.0)


def at_stake(worths: Floats, k: int) -> Floats:
    """Return what the best `k` candidates of each request are worth together, (n,); losses count as 0."""
    gains = np.maximum(worths, 0.0)
    if gains.shape[1] > k:
        gains = np.partition(gains, -k, axis=1)[:, -k:]
    total: Floats = gains.sum(axis=1)
    return total
