"""Information-directed sampling on a linear model with unequal noise: little regret for what is learnt.

Kirschner and Krause (2018), "Information directed sampling and bandits with heteroscedastic noise", the
frequentist form. The noise is learnt too: squared residuals are regressed on the features, and rows count
in inverse proportion to it.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.kernels import kernel
from equipoise.policies.attention import kept
from equipoise.policies.gaussian import Gaussian
from equipoise.policies.policy import Options, check_options
from equipoise.policies.ridge import Ridge, Sums
from equipoise.policies.sampler import Slot, SlotBySlot, Weigh
from equipoise.types import Floats

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
        check_options(options, len(self.believed.mean))
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
        weights = np.zeros(slot.left.shape)
        moved = np.where(slot.left > -np.inf, slot.left - self.worth, -np.inf)
        _weigh(self.upper + moved, self.lower + moved, self.information, weights)
        return weights


@kernel
def _weigh(upper: Floats, lower: Floats, information: Floats, weights: Floats) -> None:
    """Set `weights` (n, m) to those of least information ratio; bounds are -inf for what is gone.

    The safe candidate has the least gap, and of several the most information. Mixed with a chance of p into
    it, another makes a gap A + p B of information C + p D, whose ratio is least at p = A / B - 2 C / D.
    Those that are alike share.
    """
    n, m = upper.shape
    for row in range(n):
        highest, least, sure = upper[row].max(), np.inf, 0.0
        for place in range(m):
            gap, known = highest - lower[row, place], information[row, place]
            if upper[row, place] > -np.inf and (gap < least or (gap == least and known > sure)):
                least, sure = gap, known
        ratio, chance, other = np.inf, 0.0, 0
        for place in range(m):
            more, taught = highest - lower[row, place] - least, information[row, place] - sure
            if 0.0 < more < np.inf and taught > 0.0:
                part = min(max(least / more - 2.0 * sure / taught, 0.0), 1.0)
                mixed = (least + part * more) ** 2 / (sure + part * taught)
                if part > 0.0 and mixed < ratio:
                    ratio, chance, other = mixed, part, place
        for place in range(m):
            gap, known = highest - lower[row, place], information[row, place]
            if upper[row, place] > -np.inf and gap == least and known == sure:
                weights[row, place] = 1.0
            elif chance > 0.0 and gap == highest - lower[row, other] and known == information[row, other]:
                weights[row, place] = -1.0
        _share(weights[row], chance)


@kernel
def _share(weights: Floats, chance: float) -> None:
    """Share 1 - `chance` among what is marked 1, and `chance` among what is marked -1."""
    safe, taught = (weights > 0.0).sum(), (weights < 0.0).sum()
    for place in range(len(weights)):
        if weights[place] > 0.0:
            weights[place] = (1.0 - chance) / safe
        elif weights[place] < 0.0:
            weights[place] = chance / taught


def _finite(numbers: Floats) -> Floats:
    finite: Floats = np.fmin(np.fmax(numbers, -_LARGEST), _LARGEST)
    return finite
