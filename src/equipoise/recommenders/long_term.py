"""What showing an item is worth beyond the next click, for a shopper in a given state.

The state is what a server knows: what was met of late, in this visit and before, what is in the cart, how
much of a kind the shopper has had, and how much of it was of the sort that people buy again.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from equipoise.data.situation import Situation
from equipoise.errors import BadInputError
from equipoise.models.reinforcement.values import CandidateValues
from equipoise.types import Floats, Ints

OWN = ("score", "tired of it", "bought again", "price", "in cart already", "like the last", "met lately")
"""What is known of each candidate, before its group."""
ABOUT = ("constant", "clicks of the visit", "cart", "satiation", "met so far", "days away", "mood")
"""What is known of the request."""
_LATEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What long-term values know of the items: `groups` (n,) of `n_groups`, `again` and `prices` (n,).

    `again` is how much more often than others an item is bought again by who bought it, `prices` logs, both
    standardised. Items that came later have no group, and 0. An event of `half_life` days ago counts half,
    and every event met since makes it count `fading` of that.
    """

    groups: Ints
    again: Floats
    prices: Floats
    n_groups: int
    half_life: float = 7.0
    fading: float = 0.9
    revision: ClassVar[str] = "1"

    def __post_init__(self) -> None:
        if not len(self.groups) == len(self.again) == len(self.prices):
            raise BadInputError("terms", "groups, again and prices must have one value an item")
        if not (self.half_life > 0.0 and 0.0 < self.fading <= 1.0):
            raise BadInputError("half_life", "must be above 0 days, and fading in (0, 1]")

    @property
    def n_own(self) -> int:
        """How many features are the candidate's own: they come first."""
        return len(OWN) + self.n_groups

    def features(self, items: Ints, scores: Floats, situation: Situation) -> Floats:
        """Return the features of `items` (m,) with the models' `scores` (m,), (m, d) float32."""
        group, weights = self._groups(items), self._weights(situation)
        met = self._groups(situation.items)
        satiation: Floats = np.bincount(met + 1, weights, minlength=self.n_groups + 1)[1:].astype(np.float64)
        found = np.zeros((len(items), self.n_own + len(ABOUT)), np.float32)
        known = group >= 0
        found[:, 0] = _standard(scores)
        found[known, 1] = satiation[group[known]]
        found[:, 2], found[:, 3] = self._of(self.again, items), self._of(self.prices, items)
        found[:, 4] = known & np.isin(group, self._groups(situation.in_cart()))
        found[:, 5] = known & (group == (met[-1] if len(met) else -1))
        found[:, 6] = np.isin(items, situation.items[-_LATEST:])
        found[known, len(OWN) + group[known]] = 1.0
        found[:, self.n_own :] = self._about(situation, weights, satiation)
        return found

    def _about(self, situation: Situation, weights: Floats, satiation: Floats) -> Floats:
        mood = float(weights @ self._of(self.again, situation.items))
        away = situation.ages[~situation.here].min(initial=30.0)
        return np.array(
            [
                1.0,
                situation.here.sum() / 10.0,
                len(situation.in_cart()) > 0,
                satiation.sum(),
                np.log1p(len(situation)),
                np.log1p(away),
                mood,
            ]
        )

    def _weights(self, situation: Situation) -> Floats:
        """Return how much each event still counts, (h,)."""
        since = np.arange(len(situation))[::-1]
        return np.asarray(self.fading**since * 0.5 ** (situation.ages / self.half_life))

    def _groups(self, items: Ints) -> Ints:
        inside = (items >= 0) & (items < len(self.groups))
        return np.where(inside, self.groups[np.where(inside, items, 0)], -1)

    def _of(self, values: Floats, items: Ints) -> Floats:
        inside = (items >= 0) & (items < len(values))
        return np.where(inside, values[np.where(inside, items, 0)], 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTerm:
    """Learnt `values` of candidates by their `terms`; item codes are places in `vocabulary`.

    `learner` names what learnt them, from `steps` slates of the log up to the fact numbered `learned_until`.
    """

    terms: Terms
    values: CandidateValues
    vocabulary: tuple[str, ...]
    learner: str
    steps: int
    learned_until: int

    def scores(self, items: Ints, scores: Floats, situation: Situation) -> Floats:
        """Return what showing each of `items` (m,) is worth in the long term, (m,)."""
        if len(items) == 0:
            return np.zeros(0)
        found: Floats = self.values.scores(self.terms.features(items, scores, situation)[None, :, :])[0]
        return found


LONG_TERM = "long-term"
"""The name under which training publishes it and serving reads it."""


def _standard(values: Floats) -> Floats:
    """Return `values` (m,) with mean 0 and deviation 1 among the candidates."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-6))
