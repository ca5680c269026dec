"""Information-directed sampling on a linear model with unequal noise: little regret for what is learnt.

Kirschner and Krause (2018), "Information directed sampling and bandits with heteroscedastic noise", the
frequentist form. The noise is learnt too: squared residuals are regressed on the features, and rows count
in inverse proportion to it.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.attention import kept
from equipoise.policies.gaussian import Gaussian
from equipoise.policies.policy import Options
from equipoise.policies.ridge import Ridge, Sums
from equipoise.policies.sampler import Slot, SlotBySlot, Weigh
from equipoise.types import Bools, Floats

_EVEN = 3.0
"""No noise is taken to be this many times above or below the average."""
_LARGEST = 1e100


@dataclass(frozen=True, slots=True, kw_only=True)
class LinIDS:
    """At each slot mix two candidates so that (expected gap)^2 / (expected information) is least.

    The gap of a is the highest upper bound left less the lower bound of a, bounds being `width` posterior
    deviations from the mean; its information is log(1 + variance / noise) / 2. The paper's minimum over
    all pairs is taken over those that hold the candidate of least gap (Kirschner et al., 2021).
    `half_life`: impressions after which what was learnt counts half.
    """

    width: float = 0.5
    half_life: float = 100_000.0

    def __post_init__(self) -> None:
        if not (self.width > 0.0 and self.half_life > 0.0):
            raise BadInputError("lin_ids", "needs width > 0 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "LinIDSPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        ridge = Ridge.prior(n_features, prior_mean, half_life=self.half_life)
        nothing = np.zeros(n_features)
        return LinIDSPolicy(
            config=self,
            ridge=ridge,
            residuals=nothing,
            tilt=nothing,
            weighted=Sums.none(n_features),
            believed=ridge.believed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinIDSPolicy(SlotBySlot):
    """The policy of `LinIDS`.

    `ridge` counts all rows alike. `residuals` (d,) sums features times (squared residual less average
    noise), of which `tilt` (d,) is the regression. `weighted` sums count rows by the inverse of the noise
    expected of them; `believed` is the posterior they make.
    """

    config: LinIDS
    ridge: Ridge
    residuals: Floats
    tilt: Floats
    weighted: Sums
    believed: Gaussian

    def noise(self, features: Floats) -> Floats:
        """Return the expected variance of the reward on top of `features` (..., d), (...)."""
        average = self.ridge.noise
        noise: Floats = np.clip(average + features @ self.tilt, average / _EVEN, average * _EVEN)
        return np.where(np.isnan(noise), average, noise)

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh two candidates so that the information ratio is least."""
        self.believed.check(options)
        features = options.features.astype(np.float64)
        means, deviations = self.believed.predict(features)
        bounds = self.config.width * deviations
        return means, InformationDirected(
            worth=_finite(means),
            upper=_finite(means + bounds),
            lower=_finite(means - bounds),
            information=_finite(0.5 * np.log1p(deviations**2 / self.noise(features))),
        )

    def update(self, feedback: LoggedFeedback) -> "LinIDSPolicy":
        """Return the policy after `feedback`."""
        if len(feedback) == 0:
            return self
        ridge, keep = self.ridge.learn(feedback), kept(feedback, self.config.half_life)
        features, exposure = feedback.features.astype(np.float64), self.ridge.attention.exposure(feedback)
        residuals = keep * self.residuals + _excess(ridge, feedback, features, exposure) @ features
        learnt = replace(self, ridge=ridge, residuals=residuals, tilt=ridge.weights_for(residuals))
        counts = ridge.noise / learnt.noise(features)
        weighted = self.weighted.add(features, exposure * counts, feedback.rewards * counts, keep=keep)
        return replace(learnt, weighted=weighted, believed=ridge.given(weighted))


def _excess(ridge: Ridge, feedback: LoggedFeedback, features: Floats, exposure: Floats) -> Floats:
    """Return what each row adds to the squared residual of its impression, less the average noise, (n,).

    (r - f)^2 = f^2 + (r^2 - 2 r f): the first for the impression, the second for its reward, late or not.
    """
    expected, rewards = features @ ridge.believed.mean, feedback.rewards
    excess: Floats = exposure * (expected**2 - ridge.noise) + rewards * (rewards - 2.0 * expected)
    return excess


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationDirected:
    """Weigh the candidate of least gap, and the one that best teaches beside it.

    All are (n, m), for candidates of `worth`; where what is above changes it, the bounds move as much.
    """

    worth: Floats
    upper: Floats
    lower: Floats
    information: Floats

    def __call__(self, slot: Slot) -> Floats:
        """Return the weights at a slot."""
        there = slot.left > -np.inf
        moved = np.where(there, slot.left - self.worth, 0.0)
        highest = np.max(self.upper + moved, axis=1, keepdims=True, where=there, initial=-_LARGEST)
        gaps = np.where(there, highest - self.lower - moved, np.inf)
        least = np.minimum(gaps.min(axis=1, keepdims=True), _LARGEST)
        safe = there & (gaps == least)
        sure = np.max(self.information, axis=1, keepdims=True, where=safe, initial=0.0)
        safe &= self.information == sure
        chances, ratios = _mixed(least, sure, np.where(there, gaps, _LARGEST), self.information)
        ratios = np.where(there & ~safe, ratios, np.inf)
        taught = (there & ~safe) & (ratios == ratios.min(axis=1, keepdims=True))
        chance = np.max(chances, axis=1, keepdims=True, where=taught, initial=0.0)
        weights: Floats = _shared(safe) * (1.0 - chance) + _shared(taught) * chance
        return weights


def _mixed(least: Floats, sure: Floats, gaps: Floats, information: Floats) -> tuple[Floats, Floats]:
    """Return the chance of each candidate beside the safe one that makes the ratio least, and that ratio.

    With gap A + p B and information C + p D, (A + p B)^2 / (C + p D) is least at p = A / B - 2 C / D.
    """
    more_gap, more_known = gaps - least, information - sure
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        best = least / more_gap - 2.0 * sure / more_known
        chances = np.where(more_known > 0.0, np.clip(np.nan_to_num(best, nan=0.0), 0.0, 1.0), 0.0)
        ratios = (least + chances * more_gap) ** 2 / (sure + chances * more_known)
    return chances, np.where(np.isnan(ratios), 0.0, ratios)


def _shared(which: Bools) -> Floats:
    """Return equal weights of sum 1 for those of each row that are true, (n, m)."""
    shares: Floats = which / np.maximum(which.sum(axis=1, keepdims=True), 1)
    return shares


def _finite(numbers: Floats) -> Floats:
    finite: Floats = np.fmin(np.fmax(numbers, -_LARGEST), _LARGEST)
    return finite
