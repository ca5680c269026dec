"""Features in units of their usual size, and one more that says what a prior expects."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.bank.state_space import StateSpace
from equipoise.types import Floats

_CLIP = 50.0
_TOLD_VARIANCE = 0.1
_LOWEST, _HIGHEST = 0.02, 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureScale:
    """`unit` (d,) is the root mean square of each feature in the first feedback, and fixed from then on.

    Where a `prior_mean` (d,) is given, the logarithm of what it expects, in units of its `level`, is a
    feature too: weight 1 for it says that the prior is right but for a factor.
    """

    prior_mean: Floats
    unit: Floats
    level: float = 1.0
    started: bool = False

    @classmethod
    def prior(cls, n_features: int, prior_mean: Floats | None) -> "FeatureScale":
        """Return the scale before any feedback: as the features come."""
        mean = np.zeros(n_features) if prior_mean is None else np.asarray(prior_mean, np.float64)
        if mean.shape != (n_features,):
            raise BadInputError(
                "prior_mean", f"must have {n_features} weights, but its shape is {mean.shape}"
            )
        return cls(prior_mean=mean, unit=np.ones(n_features))

    @property
    def width(self) -> int:
        """How many features there are, with the one of the prior."""
        return len(self.unit) + self.told

    @property
    def told(self) -> int:
        """1 where a prior says something, else 0."""
        return int(self.prior_mean.any())

    @property
    def weight_variance(self) -> float:
        """How far weights of log-odds may lie from their prior: less where a prior has said most of it."""
        return _TOLD_VARIANCE if self.told else 1.0

    def after(self, features: Floats) -> "FeatureScale":
        """Return the scale after `features` (n, d) of feedback; it changes at the first only."""
        if self.started or len(features) == 0:
            return self
        sizes = np.sqrt(np.mean(features.astype(np.float64) ** 2, axis=0))
        expected = float(np.mean(np.maximum(features @ self.prior_mean, 0.0)))
        return replace(
            self,
            unit=np.where(sizes > 0.0, sizes, 1.0),
            level=expected if expected > 0.0 else 1.0,
            started=True,
        )

    def applied(self, features: Floats) -> Floats:
        """Return `features` (n, d) in their units, (n, width); what is no number is 0."""
        finite = np.where(np.isfinite(features), features, 0.0).astype(np.float64)
        scaled = np.clip(finite / self.unit, -_CLIP, _CLIP)
        if not self.told:
            return scaled
        expected = np.clip(finite @ self.prior_mean / self.level, _LOWEST, _HIGHEST)
        return np.column_stack([scaled, np.log(expected)])

    def believed(self, bank: StateSpace) -> StateSpace:
        """Return `bank`, not yet taught, believing the prior where there is one: its weight is N(1, 1)."""
        expected = slice(-1 - self.told, -1)
        weights, walk, covariances = bank.weights.copy(), bank.walk.copy(), bank.covariances.copy()
        weights[:, expected] = walk[:, expected] = covariances[:, expected, expected] = 1.0
        return replace(bank, weights=weights, walk=walk, covariances=covariances)
