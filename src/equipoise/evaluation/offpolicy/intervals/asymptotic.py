"""An asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, 2024, theorem 2.2)."""

from dataclasses import dataclass
from math import log, sqrt

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class AsymptoticSequence:
    """Holds at all times at once, so that one may look, stop and go on at will; asks for no bounds.

    With the spread s of the terms and a = 1 - confidence:
    s sqrt(2 (n p^2 + 1) / (n^2 p^2) ln(sqrt(n p^2 + 1) / a)), where p makes it narrowest at `tight_at`
    rounds (their equation 3.4; the present number where None). To look more than once, fix `tight_at`.
    """

    tight_at: int | None = None

    def __post_init__(self) -> None:
        if self.tight_at is not None and self.tight_at < 1:
            raise BadInputError("tight_at", f"must be at least 1 round, not {self.tight_at}")

    def around(self, terms: Terms, confidence: float) -> tuple[float, float]:
        """Return the ends of the interval of the mean of `terms`."""
        n, left = len(terms.values), 1.0 - confidence
        rate = (-2.0 * log(left) + log(-2.0 * log(left) + 1.0)) / (self.tight_at or n)
        grown = n * rate + 1.0
        half = float(terms.values.std()) * sqrt(2.0 * grown / (n * n * rate) * log(sqrt(grown) / left))
        return terms.mean() - half, terms.mean() + half
