"""A policy around another: it chooses as the other does, but for what it says itself."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, PolicyConfig, taught
from equipoise.policies.sampler import Revise, SlotBySlot, Weigh
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class Around(SlotBySlot):
    """Believes, learns and weighs as `policy` does; whoever derives from this changes some of it."""

    policy: SlotBySlot

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Return the worths and the weighing of the policy inside."""
        return self.policy.weighing(options)

    def revising(self, options: Options) -> Revise | None:
        """Return how the policy inside revises worths."""
        return self.policy.revising(options)

    def update(self, feedback: LoggedFeedback) -> Self:
        """Return the same around the policy inside after `feedback`."""
        return replace(self, policy=taught(self.policy, feedback))

    def means(self, n_items: int) -> Floats:
        """Return what the policy inside believes each item to earn, 0 where it has no belief, (n_items,)."""
        return known(self.policy, "means", n_items)

    def deviations(self, n_items: int) -> Floats:
        """Return how unsure it is of that, (n_items,)."""
        return known(self.policy, "deviations", n_items)


def known(policy: SlotBySlot, what: str, n_items: int) -> Floats:
    """Return the "means" or "deviations" of items by `policy`, 0 where it has none, (n_items,)."""
    asked = getattr(policy, what, None)
    return np.zeros(n_items) if asked is None else np.asarray(asked(n_items))


def started(config: PolicyConfig, n_features: int, prior_mean: Floats | None) -> SlotBySlot:
    """Return the policy of `config`, which must be one that another can hold."""
    policy = config.start(n_features, prior_mean)
    if not isinstance(policy, SlotBySlot):
        raise BadInputError(
            "policy", f"{type(policy).__name__} must derive from SlotBySlot to be held by another"
        )
    return policy
