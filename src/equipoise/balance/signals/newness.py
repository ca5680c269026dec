"""How much of what may be shown is new: arrivals are what there is to learn of."""

from dataclasses import dataclass

from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class NewnessReading:
    """The share of new items among the candidates of the requests of late."""

    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Newness:
    """A mean of that share, halved in `half_life` requests."""

    half_life: float = 1_000.0
    total: float = 0.0
    count: float = 0.0

    def __post_init__(self) -> None:
        if not self.half_life > 0.0:
            raise BadInputError("half_life", f"must be positive, not {self.half_life}")

    def add(self, new: Bools, there: Bools) -> "Newness":
        """Return the signal after requests whose candidates, `there` (n, m), are `new` (n, m)."""
        keep = 0.5 ** (len(new) / self.half_life)
        return Newness(
            half_life=self.half_life,
            total=self.total * keep + float(new_share(new, there).sum()),
            count=self.count * keep + len(new),
        )

    @property
    def reading(self) -> NewnessReading:
        """The signal as a value; 0 before any request."""
        return NewnessReading(usual=self.total / self.count if self.count else 0.0)


def new_share(new: Bools, there: Bools) -> Floats:
    """Return the share of new items among the candidates `there` (n, m) of each request, (n,)."""
    counts = there.sum(axis=1)
    share: Floats = (new & there).sum(axis=1) / counts.clip(min=1)
    return share
