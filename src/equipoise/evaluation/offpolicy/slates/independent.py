"""IPS of positions by themselves (Li, Abbasi-Yadkori, Kveton, Muthukrishnan, Vinay and Wen, 2018)."""

from dataclasses import dataclass

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.slates.log import WeighedSlates
from equipoise.evaluation.offpolicy.slates.slates import OfSlates, by_position
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class IndependentIPS(OfSlates):
    """Each reward times the ratio for its own position: right if a reward depends on the item there alone."""

    self_normalised: bool = False

    def weights(self, slates: WeighedSlates) -> Floats:
        """Return the weight of the reward at each position, (n, k) or (n, 1)."""
        return slates.ratios("marginal")

    def terms(self, slates: WeighedSlates) -> Terms:
        """Return one term for each slate, whose mean is the estimate."""
        if self.self_normalised:
            return by_position(self.earned(slates), self.weights(slates))
        return super().terms(slates)
