"""IPS of whole slates (Precup, Sutton and Singh, 2000)."""

from dataclasses import dataclass

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.slates.log import WeighedSlates
from equipoise.evaluation.offpolicy.slates.slates import OfSlates, by_position
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class SlateIPS(OfSlates):
    """The slate's rewards times the ratio for all of it: assumes nothing, and is hopelessly noisy."""

    self_normalised: bool = False

    def weights(self, slates: WeighedSlates) -> Floats:
        """Return the weight of the reward at each position, (n, k) or (n, 1)."""
        return slates.ratios("whole")[:, None]

    def terms(self, slates: WeighedSlates) -> Terms:
        """Return one term for each slate, whose mean is the estimate."""
        if self.self_normalised:
            return by_position(self.earned(slates), self.weights(slates))
        return super().terms(slates)
