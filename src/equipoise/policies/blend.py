"""The weighing of a mixture: at each slot one of several policies is drawn, and fills it."""

from dataclasses import dataclass, field

import numpy as np

from equipoise.policies.policy import Options
from equipoise.policies.sampler import Revise, Slot, SlotBySlot, Weigh, worth_left
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Voice:
    """One policy asked about some options: `left` (n, m) is what it believes they are worth."""

    left: Floats
    weigh: Weigh
    revise: Revise | None

    @classmethod
    def of(cls, policy: SlotBySlot, options: Options) -> "Voice":
        """Return what `policy` has to say of `options`."""
        worth, weigh = policy.weighing(options)
        return cls(worth_left(worth, options.items), weigh, policy.revising(options))

    def chances(self, slot: Slot) -> Floats:
        """Return the probabilities (n, m) by which the policy would fill `slot`, 0 where nothing is left."""
        own = slot.worth(np.where(slot.left > -np.inf, self.left, -np.inf))
        if self.revise is not None:
            own = own.worth(self.revise(own))
        weights = self.weigh(own)
        totals = weights.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(weights, totals, out=np.zeros(weights.shape), where=totals > 0.0))


@dataclass(frozen=True, slots=True)
class Blend:
    """The mixture of `voices`, the first drawn with chance `shares[0]`, and so on; shares are positive.

    `said` keeps, for each slot of the walk, what each of them would have drawn, (e, n, m).
    """

    voices: tuple[Voice, ...]
    shares: Floats
    said: list[Floats] = field(default_factory=list)

    def __call__(self, slot: Slot) -> Floats:
        """Return the probabilities (n, m)."""
        self.said.append(np.stack([voice.chances(slot) for voice in self.voices]))
        mixed: Floats = np.einsum("e,enm->nm", self.shares, self.said[-1])
        return mixed

    def told(self, actions: Ints) -> Floats:
        """Return the probability of `actions` (n, k) under each voice, (n, k, e)."""
        (n, k), rows = actions.shape, np.arange(len(actions))
        told = np.empty((n, k, len(self.voices)))
        for position in range(k):
            told[:, position] = self.said[position][:, rows, np.maximum(actions[:, position], 0)].T
        return told
