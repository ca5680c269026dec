"""What one slate may explore, and what a policy makes of that."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.balance.controller import FREELY, Care
from equipoise.balance.reason import Reason
from equipoise.policies.greedy import GreedyPolicy
from equipoise.policies.limited import Limited
from equipoise.policies.policy import Options, Policy, Slates
from equipoise.policies.sampler import SlotBySlot
from equipoise.types import Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A slate may explore at most `positions` positions, only where `allowed` (k,), and with `care`.

    `cause` is why so few, `where` why not everywhere; each is None where there is no such limit.
    """

    positions: int
    allowed: Bools
    cause: Reason | None = None
    where: Reason | None = None
    care: Care = FREELY

    @classmethod
    def everything(cls, k: int) -> Self:
        """Return the grant that limits nothing in a slate of `k`."""
        return cls(positions=k, allowed=np.ones(k, np.bool_))

    @classmethod
    def nothing(cls, k: int, cause: Reason) -> Self:
        """Return the grant of a slate of `k` best guesses."""
        return cls(positions=0, allowed=np.zeros(k, np.bool_), cause=cause)

    @property
    def free(self) -> bool:
        """Whether the policy may do as it likes."""
        return self.cause is None and self.where is None and self.care.cause is None

    def blame(self, explored: int) -> Reason | None:
        """Return what refused the rest to a slate of which `explored` positions were explored."""
        reached = self.cause is not None and explored >= self.positions
        return self.cause if reached else self.where or self.care.cause

    def decide(
        self, policy: Policy, options: Options, k: int, *, rng: np.random.Generator
    ) -> tuple[Slates, float]:
        """Let `policy` choose one slate within the grant; return it and how many explorations were refused.

        That number is an expectation. A policy that does not say how it weighs (none of equipoise's own)
        cannot be held to a number: it is replaced by the models' scores wherever it is limited.
        """
        if self.free:
            return policy.decide(options, k, rng=rng), 0.0
        if not isinstance(policy, SlotBySlot):
            wanted = policy.decide(options, k, rng=rng)
            return GreedyPolicy().decide(options, k, rng=rng), float(wanted.exploration[0]) * k
        limited = Limited(
            policy=policy,
            limits=np.array([self.positions]),
            allowed=self.allowed,
            share=self.care.share,
        )
        slates, refused = limited.held(options, k, rng=rng)
        return slates, float(refused[0])
