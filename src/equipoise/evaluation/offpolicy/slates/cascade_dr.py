"""Cascade doubly robust (Kiyohara, Saito, Matsuhiro, Narita, Shimizu and Yamamoto, 2022)."""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.slates.log import WeighedSlates
from equipoise.evaluation.offpolicy.slates.slates import OfSlates
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class CascadeDR(OfSlates):
    """At each position w (r - q) + w' E[q], with w down to it and w' down to the one above (1 on top).

    q is what the model expects of this position and all below. Unbiased as reward-interaction IPS is, and
    steadier the better the model is.
    """

    def weights(self, slates: WeighedSlates) -> Floats:
        """Return the ratios down to each position, (n, k)."""
        return slates.ratios("cascade")

    def terms(self, slates: WeighedSlates) -> Terms:
        """Return one term for each slate, whose mean is the estimate."""
        if slates.values is None or slates.expected is None:
            raise BadInputError(
                "values", "cascade-DR needs what a model expects, in the log and in the target"
            )
        weights = self.weights(slates)
        above = np.column_stack((np.ones(len(slates)), weights[:, :-1]))
        steps = weights * (self.earned(slates) - slates.values) + above * slates.expected
        return Terms(values=steps.sum(axis=1, dtype=np.float64))
