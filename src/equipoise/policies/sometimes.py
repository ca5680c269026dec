"""Now and then a whole slate by another policy, so that the log can judge more than the one that made it.

Where positions explore one by one, a slate that differs in three of them has three small chances, whose
product is next to nothing. One coin for the whole slate costs as many slates, and leaves each slate of the
other policy the chance `share` of itself.
"""

from dataclasses import dataclass, field

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.around import Around
from equipoise.policies.blend import Voice
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Slot, SlotBySlot, Weigh
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class Sometimes(Around):
    """`policy`, and with chance `share` a whole slate of `other`, which does not learn.

    The slots above betray which of the two it is likely to be, so the chance at a slot is
    sum_e p_e P_e(a | those above) with p_e the probability of e given those above (Bayes): the law of one
    coin a slate, told slot by slot, exactly.
    """

    other: SlotBySlot
    share: float

    def __post_init__(self) -> None:
        if not 0.0 < self.share < 1.0:
            raise BadInputError("share", f"must lie in (0, 1), not {self.share}")

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the mixture, the best guess being the policy's."""
        voices = Voice.of(self.policy, options), Voice.of(self.other, options)
        return voices[0].left, _OneCoin(voices, np.array([1.0 - self.share, self.share]))


@dataclass(frozen=True, slots=True)
class _OneCoin:
    """`likely` and `said` keep, slot by slot, the chance of each voice (e, n) and its choices (e, n, m)."""

    voices: tuple[Voice, ...]
    shares: Floats
    likely: list[Floats] = field(default_factory=list)
    said: list[Floats] = field(default_factory=list)

    def __call__(self, slot: Slot) -> Floats:
        del self.likely[slot.position :], self.said[slot.position :]
        self.likely.append(self._likely(slot))
        self.said.append(np.stack([voice.chances(slot) for voice in self.voices]))
        mixed: Floats = np.einsum("en,enm->nm", self.likely[-1], self.said[-1])
        return mixed

    def _likely(self, slot: Slot) -> Floats:
        """Return the probability (e, n) that each voice fills the slate, given what is above."""
        n = len(slot.left)
        if slot.position == 0:
            return np.repeat(self.shares[:, None], n, axis=1)
        chosen = self.said[-1][:, np.arange(n), slot.above[:, -1]]
        joint = self.likely[-1] * chosen
        total = joint.sum(axis=0)
        # Neither would have chosen what is above: such a slate has no chance, whatever is said below it.
        return np.where(total > 0.0, joint / np.where(total > 0.0, total, 1.0), self.likely[-1])
