"""The pseudo-inverse estimator (Swaminathan et al., 2017, "Off-policy evaluation for slates")."""

from dataclasses import dataclass

from equipoise.evaluation.offpolicy.slates.log import WeighedSlates
from equipoise.evaluation.offpolicy.slates.slates import OfSlates
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class PseudoInverse(OfSlates):
    """The whole slate's reward times (sum over positions of their ratios) - k + 1.

    Unbiased if the reward of a slate is a sum over items at positions, even where only the total is seen, and
    if the logging policy fills each position by itself (for others the weights are another matrix's).
    """

    def weights(self, slates: WeighedSlates) -> Floats:
        """Return the weight of the reward of a slate, (n, 1), which may be negative."""
        of_positions = slates.ratios("marginal")
        weights: Floats = of_positions.sum(axis=1, keepdims=True) - of_positions.shape[1] + 1.0
        return weights
