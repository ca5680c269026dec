"""How much of what may be shown is new: arrivals are what there is to learn of."""

from dataclasses import dataclass

from equipoise.errors import BadInputError
from equipoise.types import Floats


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

    def add(self, shares: Floats) -> "Newness":
        """Return the signal after requests of whose candidates so large `shares` (n,) were new."""
        keep = 0.5 ** (len(shares) / self.half_life)
        return Newness(
            half_life=self.half_life,
            total=self.total * keep + float(shares.sum()),
            count=self.count * keep + len(shares),
        )

    @property
    def reading(self) -> NewnessReading:
        """The signal as a value; 0 before any request."""
        return NewnessReading(usual=self.total / self.count if self.count else 0.0)
