"""Protection of the top: the first positions show the best guess, exploration happens below."""

from dataclasses import dataclass, field

from equipoise.errors import BadInputError
from equipoise.policies.around import Around, started
from equipoise.policies.lin_greedy import LinGreedy
from equipoise.policies.policy import Options, PolicyConfig
from equipoise.policies.sampler import Slot, Weigh, best_only
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """Let `policy` choose, but show its best guess, ties split at random, at the first `positions`."""

    policy: PolicyConfig = field(default_factory=LinGreedy)
    positions: int = 1

    def __post_init__(self) -> None:
        if self.positions < 0:
            raise BadInputError("positions", f"must not be negative, but is {self.positions}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "ProtectedPolicy":
        """Return the policy before any feedback."""
        return ProtectedPolicy(started(self.policy, n_features, prior_mean), self.positions)


@dataclass(frozen=True, slots=True)
class ProtectedPolicy(Around):
    """The policy of `Protected`."""

    positions: int

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh nothing but the best at first, then as the policy inside does."""
        worth, weigh = self.policy.weighing(options)
        return worth, _BestFirst(weigh, self.positions)


@dataclass(frozen=True, slots=True)
class _BestFirst:
    weigh: Weigh
    positions: int

    def __call__(self, slot: Slot) -> Floats:
        return best_only(slot) if slot.position < self.positions else self.weigh(slot)
