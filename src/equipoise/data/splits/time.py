"""The last days are the test: everybody learns from what came strictly before one instant."""

from dataclasses import dataclass

from equipoise.data.interactions import Interactions
from equipoise.data.split import days_before_end
from equipoise.data.splits.parts import Parts, cut
from equipoise.errors import BadInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDays:
    """Asks for what users met in the last `days`; only rows that weigh at least `relevant` are answers."""

    days: float = 28.0
    relevant: float = 0.0

    def __post_init__(self) -> None:
        if not self.days > 0:
            raise BadInputError("--days", f"must be above 0, is {self.days:g}")

    @property
    def twin(self) -> "LastDays":
        """As many days before those."""
        return self

    def hold_out(self, data: Interactions) -> Parts:
        """Cut at the instant `days` before the newest row."""
        at = days_before_end(data, self.days)
        before = data.times < at
        if not before.any():
            raise BadInputError("--days", f"{self.days:g} leaves nothing on one side: the data is no longer")
        return cut(data, train=before, known=before, asked=~before & (data.weights >= self.relevant))
