"""Logged slates, with the three chances of a slate kept apart."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SlateChances:
    """How likely a policy was to fill the logged slates as they were; None where unknown.

    `whole` (n,) the slate; `cascade` (n, k) the items down to each position; `marginal` (n, k) the item at
    each position, whatever the others. They are three different numbers: an estimator that is given another
    than the one it is made for is wrong without a sign.
    """

    whole: Floats | None = None
    cascade: Floats | None = None
    marginal: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("whole", "cascade", "marginal"):
            chances = getattr(self, name)
            if chances is not None and not ((chances >= 0.0) & (chances <= 1.0 + 1e-9)).all():
                raise BadInputError(name, "chances must lie in [0, 1]")

    @classmethod
    def step_by_step(cls, chances: Floats) -> Self:
        """Return the chances of slates filled from the top, from P(item | those above), (n, k)."""
        cascade = np.cumprod(chances, axis=1)
        return cls(whole=cascade[:, -1], cascade=cascade)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedSlates:
    """n slates of k positions, oldest first.

    `rewards` (n, k) what each position earned; `logging`, the chances of the policy that made the log. For
    cascade-DR also `values` (n, k), what a model expects of the logged item and of all below it.
    """

    rewards: Floats
    logging: SlateChances
    values: Floats | None = None

    def __post_init__(self) -> None:
        if self.rewards.ndim != 2 or len(self.rewards) < 2 or self.rewards.shape[1] < 1:
            raise BadInputError("rewards", "must be (n, k): at least two slates of at least one position")
        if not np.isfinite(self.rewards).all():
            raise BadInputError("rewards", "must be finite numbers")
        for name in ("whole", "cascade", "marginal"):
            chances = getattr(self.logging, name)
            if chances is not None and (len(chances) != len(self.rewards) or not (chances > 0.0).all()):
                raise BadInputError(name, "must be above 0 for each logged slate: it did happen")

    def __len__(self) -> int:
        return len(self.rewards)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlateTarget:
    """The target's chances of the logged slates, and, for cascade-DR, `values` (n, k): what the model expects
    of the rest from each position on, the target choosing the item there given those above in the log.
    """

    chances: SlateChances
    values: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedSlates:
    """n slates under the eyes of a target: `rewards` (n, k), and its chances over the log's, three kinds.

    `whole` (n,), `cascade` (n, k), `marginal` (n, k), None where unknown; `values` (n, k) what a model
    expects of the logged items on, `expected` (n, k) of the target's.
    """

    rewards: Floats
    whole: Floats | None = None
    cascade: Floats | None = None
    marginal: Floats | None = None
    values: Floats | None = None
    expected: Floats | None = None

    def __len__(self) -> int:
        return len(self.rewards)

    @classmethod
    def of(cls, log: LoggedSlates, target: SlateTarget) -> Self:
        """Return `log` weighed for `target`."""
        kinds = {name: _ratio(log, target, name) for name in ("whole", "cascade", "marginal")}
        return cls(rewards=log.rewards, values=log.values, expected=target.values, **kinds)

    def ratios(self, kind: str) -> Floats:
        """Return the weights of the `kind` asked for; refuse where they are unknown."""
        weights: Floats | None = getattr(self, kind)
        if weights is None:
            raise BadInputError(
                kind, f"log and target do not both have {kind} chances, which this estimator weighs by"
            )
        return weights


def _ratio(log: LoggedSlates, target: SlateTarget, kind: str) -> Floats | None:
    above, below = getattr(target.chances, kind), getattr(log.logging, kind)
    if above is None or below is None:
        return None
    if above.shape != below.shape:
        raise BadInputError(kind, f"log and target disagree in shape: {below.shape} and {above.shape}")
    weights: Floats = above / below
    return weights
