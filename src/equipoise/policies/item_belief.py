"""What a policy without context believes: each item earns its own mean, whoever is looking.

E[reward | item, position] = e[position] * mean[item], with the means spread around one they have in common:
the normal model of Lindley and Smith (1972), which shrinks an item seen little towards that mean, and gives
it to an item never seen.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.attention import Attention
from equipoise.policies.counts import Counts, News
from equipoise.policies.policy import check_features
from equipoise.policies.reward_range import RewardRange
from equipoise.policies.reward_scale import RewardScale
from equipoise.types import Floats, Ints

_NOISE_STRENGTH = 5.0
"""How many impressions the first guess of the noise is worth."""
_LEAST_NOISE = 1e-6
"""The noise is at least this share of the mean squared reward."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all items share: their `mean` reward on top, the `noise` (variance) of one impression, and the
    `strength` of the mean as a prior, in impressions.
    """

    mean: float
    noise: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBelief:
    """Counts of what items earned, and what they say.

    An impression counts as much as its position is looked at. Item means are expected to lie `item_spread`
    times the mean reward around it. `seen` is the number of impressions remembered.
    """

    n_features: int
    item_spread: float
    counts: Counts
    seen: float
    attention: Attention
    range: RewardRange
    common: Common

    @classmethod
    def none(cls, n_features: int, counts: Counts, *, item_spread: float) -> "ItemBelief":
        """Return the belief before any feedback, to be kept in `counts`."""
        return cls(
            n_features=n_features,
            item_spread=item_spread,
            counts=counts,
            seen=0.0,
            attention=Attention.none(),
            range=RewardRange(),
            common=_common(counts, RewardScale(), item_spread),
        )

    def learn(self, feedback: LoggedFeedback) -> "ItemBelief":
        """Return the belief after `feedback`; this one stays as it is."""
        if len(feedback) == 0:
            return self
        check_features(feedback, self.n_features)
        seen, rewards = feedback.impressions.astype(np.float64), feedback.rewards.astype(np.float64)
        exposure = self.attention.exposure(feedback)
        news = News(feedback.items, seen, exposure, rewards)
        counts, keep = self.counts.add(news), self.counts.keep(news)
        attention = self.attention.add(feedback, exposure, self.means(feedback.items), keep=keep)
        return replace(
            self,
            counts=counts,
            seen=self.seen * keep + float(seen.sum()),
            attention=attention,
            range=self.range.add(exposure, rewards, keep=keep),
            common=_common(counts, attention.scale, self.item_spread),
        )

    def means(self, items: Ints) -> Floats:
        """Return the expected reward on top of `items` (...); -1 is an unseen item."""
        rows, common = self._rows(items), self.common
        earned = self.counts.earned[rows] + common.strength * common.mean
        means: Floats = earned / (self.counts.exposure[rows] + common.strength)
        return means

    def rates(self, items: Ints) -> Floats:
        """Return by how much of what a reward exceeds its expectation it moves the mean of `items` (...)."""
        rates: Floats = 1.0 / (self.counts.exposure[self._rows(items)] + self.common.strength)
        return rates

    def deviations(self, items: Ints) -> Floats:
        """Return the posterior standard deviation of those, (...)."""
        deviations: Floats = np.sqrt(self.common.noise * self.rates(items))
        return deviations

    def successes(self, items: Ints) -> tuple[Floats, Floats]:
        """Return what `items` (...) earned, scaled to [0, 1] an impression, and the impressions, (...).

        Fractions of a success count as such; what exceeds the range is cut.
        """
        rows, (low, high) = self._rows(items), self.range.ends
        trials = self.counts.exposure[rows]
        scaled = (self.counts.earned[rows] - low * trials) / (high - low)
        return np.clip(scaled, 0.0, trials), trials

    def _rows(self, items: Ints) -> Ints:
        return np.minimum(items, len(self.counts.exposure) - 1)


def _common(counts: Counts, scale: RewardScale, item_spread: float) -> Common:
    """Return what items share: the mean weighs each for at most `strength` of its impressions."""
    noise = _noise(counts, scale.noise)
    strength = noise / (item_spread * scale.mean) ** 2
    weights = strength / (counts.exposure + strength)
    overall = RewardScale(float(counts.exposure.sum()), float(counts.earned.sum())).mean
    mean = (weights @ counts.earned + strength * overall) / (weights @ counts.exposure + strength)
    return Common(float(mean), noise, strength)


def _noise(counts: Counts, guess: float) -> float:
    """Return the variance of a reward around the mean of its item, pooled over items seen more than once."""
    often = counts.exposure > 1.0
    exposure, earned = counts.exposure[often], counts.earned[often]
    within = np.maximum(counts.squares[often] - earned**2 / exposure, 0.0).sum()
    pooled = (within + _NOISE_STRENGTH * guess) / ((exposure - 1.0).sum() + _NOISE_STRENGTH)
    return float(max(pooled, _LEAST_NOISE * guess))
