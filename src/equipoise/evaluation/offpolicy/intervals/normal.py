"""The interval of the central limit theorem."""

from dataclasses import dataclass

from scipy.special import stdtrit

from equipoise.evaluation.offpolicy.estimate import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """Mean plus and minus Student's t times the standard error: quick, and right for many light terms."""

    def around(self, terms: Terms, confidence: float) -> tuple[float, float]:
        """Return the ends of the interval of the mean of `terms`."""
        half = float(stdtrit(len(terms.values) - 1, 0.5 + confidence / 2)) * terms.error()
        return terms.mean() - half, terms.mean() + half
