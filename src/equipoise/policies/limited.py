"""A policy held to a limit: it may explore so many positions of a slate, at these positions, and no more."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, Slates
from equipoise.policies.sampler import Revise, Slot, SlotBySlot, Weigh, best_only, shared
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited(SlotBySlot):
    """`policy`, which may explore at most `limits` (n,) positions of each of n slates, where `allowed`.

    `allowed` (n, k) or (k,); positions beyond its last are not. Where it may not explore, it shows its
    own best guess. Where it may, it does so with the `share` of its own chance: with P its law and G that
    of its best guess, the law is share P + (1 - share) G. All of this is known before anything is drawn, so
    propensities stay exact given it.
    """

    policy: SlotBySlot
    limits: Ints
    allowed: Bools
    share: float = 1.0

    def __post_init__(self) -> None:
        if self.limits.ndim != 1 or (len(self.limits) and self.limits.min() < 0):
            raise BadInputError("limits", "must be (n,) numbers of positions, none negative")
        if not 0.0 <= self.share <= 1.0:
            raise BadInputError("share", f"must lie in [0, 1], not {self.share}")
        if self.allowed.ndim not in (1, 2):
            raise BadInputError("allowed", f"must be (k,) or (n, k), but its shape is {self.allowed.shape}")

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh as the policy does, and once the limit is reached nothing but the best."""
        return self._weighing(options, np.zeros(len(options)))

    def revising(self, options: Options) -> Revise | None:
        """Return how the policy revises worths."""
        return self.policy.revising(options)

    def by_expert(self, options: Options, actions: Ints) -> Floats | None:
        """Return the probabilities of `actions` (n, k) under the policies that the policy mixes."""
        return self.policy.by_expert(options, actions)

    def held(self, options: Options, k: int, *, rng: np.random.Generator) -> tuple[Slates, Floats]:
        """Return the slates of `decide`, and how many explorations were refused, (n,).

        That is an expected number: at each position that was not free, the probability with which the
        policy would have explored there, given what was shown above.
        """
        refused = np.zeros(len(options))
        slates = _Counting(self, refused).decide(options, k, rng=rng)
        return replace(slates, by_expert=self.by_expert(options, slates.actions)), refused

    def _weighing(self, options: Options, refused: Floats) -> tuple[Floats, Weigh]:
        if len(self.limits) != len(options):
            raise BadInputError("limits", f"are of {len(self.limits)} requests, but {len(options)} ask")
        worth, weigh = self.policy.weighing(options)
        allowed = np.atleast_2d(self.allowed)
        tempered = weigh if self.share == 1.0 else _Tempered(weigh, self.share, refused)
        return worth, _Within(weigh=tempered, limits=self.limits[:, None], allowed=allowed, refused=refused)


@dataclass(frozen=True, slots=True)
class _Counting(SlotBySlot):
    """A limited policy that adds what it refuses to `refused` (n,)."""

    policy: Limited
    refused: Floats

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        return self.policy._weighing(options, self.refused)

    def revising(self, options: Options) -> Revise | None:
        return self.policy.revising(options)


@dataclass(frozen=True, slots=True)
class _Tempered:
    """The `share` of the chances by `weigh`, and the rest of those of `best_only`."""

    weigh: Weigh
    share: float
    refused: Floats

    def __call__(self, slot: Slot) -> Floats:
        weights = self.weigh(slot)
        self.refused[:] += (1.0 - self.share) * _explores(slot, weights)
        return self.share * shared(weights) + (1.0 - self.share) * shared(best_only(slot))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Within:
    """The weights of `weigh`, and of `best_only` where the limit (n, 1) is reached or not `allowed`."""

    weigh: Weigh
    limits: Ints
    allowed: Bools
    refused: Floats

    def __call__(self, slot: Slot) -> Floats:
        weights, free = self.weigh(slot), self._free(slot)
        if free.all():
            return weights
        self.refused[:] += np.where(free[:, 0], 0.0, _explores(slot, weights))
        return np.where(free, weights, best_only(slot))

    def _free(self, slot: Slot) -> Bools:
        inside = slot.position < self.allowed.shape[1]
        allowed = self.allowed[:, slot.position, None] if inside else np.zeros((1, 1), np.bool_)
        return (slot.explored < self.limits) & allowed


def _explores(slot: Slot, weights: Floats) -> Floats:
    """Return the probability (n,) that a draw by `weights` (n, m) is not the best; exactly 0 where it is."""
    other = np.where(slot.left < slot.best, weights, 0.0).sum(axis=1)
    total = weights.sum(axis=1)
    share: Floats = np.divide(other, total, out=np.zeros_like(other), where=total > 0.0)
    return share
