"""The default policy with a log that judges others: one slate in ten is drawn near the models' order."""

from dataclasses import dataclass, field

from equipoise.balance.balanced import Balanced, BalancedPolicy
from equipoise.balance.signals.drift import DriftReading
from equipoise.errors import BadInputError
from equipoise.policies.by_place import ByPlace
from equipoise.policies.sometimes import Sometimes
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedOpen:
    """`balanced`, but the `share` of slates is drawn, whole, by `near`: by place in the order of scores."""

    share: float = 0.1
    near: ByPlace = field(default_factory=ByPlace)

    def __post_init__(self) -> None:
        if not 0.0 < self.share < 1.0:
            raise BadInputError("share", f"must lie in (0, 1), not {self.share}; use balanced for none")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "BalancedOpenPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        return BalancedOpenPolicy(
            policy=Balanced().start(n_features, prior_mean),
            other=self.near.start(n_features),
            share=self.share,
        )


@dataclass(frozen=True, slots=True)
class BalancedOpenPolicy(Sometimes):
    """The policy of `BalancedOpen`, which watches for a change of taste as the one inside."""

    policy: BalancedPolicy

    @property
    def reading(self) -> DriftReading:
        """The signal of a change of taste."""
        return self.policy.reading

    @property
    def drifting(self) -> bool:
        """Whether taste changed lately."""
        return self.policy.drifting
