"""The empirical Bernstein bound (Maurer and Pontil, 2009, theorem 4), on both sides."""

from dataclasses import dataclass
from math import log, sqrt

from equipoise.evaluation.offpolicy.estimate import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class EmpiricalBernstein:
    """Holds at every sample size, for terms that are bounded; wide where few rounds weigh much.

    With the sample variance V of terms that span R, and d half of what the confidence leaves:
    sqrt(2 V ln(2 / d) / n) + 7 R ln(2 / d) / (3 (n - 1)) on each side.
    """

    def around(self, terms: Terms, confidence: float) -> tuple[float, float]:
        """Return the ends of the interval of the mean of `terms`, within what is possible."""
        floor, ceiling = terms.bounds()
        n, odds = len(terms.values), log(4.0 / (1.0 - confidence))
        spread = sqrt(2.0 * float(terms.values.var(ddof=1)) * odds / n)
        half = spread + 7.0 * (ceiling - floor) * odds / (3.0 * (n - 1))
        return max(terms.mean() - half, floor), min(terms.mean() + half, ceiling)
