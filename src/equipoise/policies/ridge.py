"""Bayesian ridge regression: E[reward | features, position] = e[position] * w . features.

The Gaussian posterior of Li et al. (2010) and Agrawal and Goyal (2013), with prior and noise that follow
the scale of rewards and features. Sums are kept, not the covariance: a batch of rows is then one product
of matrices and one decomposition, faster than a rank-one step for each row, and the prior can still move
as the scales become known. Neither order nor delay of rewards matters.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.attention import Attention, kept
from equipoise.policies.gaussian import Gaussian, solved
from equipoise.policies.policy import check_features, prior_of
from equipoise.policies.prior import expected_deviations, mean_square, prior_precision
from equipoise.policies.reward_scale import RewardScale
from equipoise.types import Floats

_LEAST_NOISE = 1e-4
"""The least noise, as a share of the mean squared reward."""
_LITTLE = 1e-9


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over rows with exposure e: `precision` (d, d) of e x x^T, `response` (d,) of reward * x, and
    `occurrences` (d,) of e where x is not 0.
    """

    precision: Floats
    response: Floats
    occurrences: Floats

    @classmethod
    def none(cls, n_features: int) -> "Sums":
        """Return the sums over no rows."""
        return cls(np.zeros((n_features, n_features)), np.zeros(n_features), np.zeros(n_features))

    def add(self, features: Floats, exposure: Floats, rewards: Floats, *, keep: float) -> "Sums":
        """Return the sums scaled by `keep`, plus those of `features` (n, d) and the others (n,)."""
        return Sums(
            self.precision * keep + features.T @ (features * exposure[:, None]),
            self.response * keep + rewards @ features,
            self.occurrences * keep + exposure @ (features != 0.0),
        )

    def sizes(self) -> Floats:
        """Return the usual size (d,) of each feature where it is not 0; 1 until something is known."""
        return np.sqrt((np.diag(self.precision) + _LITTLE) / (self.occurrences + _LITTLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """Sums of what was seen, and the posterior they make: `believed` of w, given `noise`.

    `noise` is the variance of a reward on top. What was seen fades by half in `half_life` impressions;
    the prior around `prior_mean` (d,) does not.
    """

    half_life: float
    prior_mean: Floats
    sums: Sums
    attention: Attention
    believed: Gaussian
    noise: float

    @classmethod
    def prior(cls, n_features: int, prior_mean: Floats | None = None, *, half_life: float) -> "Ridge":
        """Return the belief before any feedback; `prior_mean` (d,) in reward units, 0 where it is None."""
        mean, sums, attention = prior_of(n_features, prior_mean), Sums.none(n_features), Attention.none()
        believed, noise = posterior(sums, attention.scale, mean)
        return cls(
            half_life=half_life,
            prior_mean=mean,
            sums=sums,
            attention=attention,
            believed=believed,
            noise=noise,
        )

    def learn(self, feedback: LoggedFeedback) -> "Ridge":
        """Return the belief after `feedback`; this one stays as it is."""
        if len(feedback) == 0:
            return self
        check_features(feedback, len(self.prior_mean))
        features, keep = feedback.features.astype(np.float64), kept(feedback, self.half_life)
        exposure = self.attention.exposure(feedback)
        attention = self.attention.add(feedback, exposure, features @ self.believed.mean, keep=keep)
        sums = self.sums.add(features, exposure, feedback.rewards, keep=keep)
        return replace(self, attention=attention).resting_on(sums)

    def resting_on(self, sums: Sums) -> "Ridge":
        """Return the belief that other `sums` make."""
        believed, noise = posterior(sums, self.attention.scale, self.prior_mean)
        return replace(self, sums=sums, believed=believed, noise=noise)

    def given(self, sums: Sums) -> Gaussian:
        """Return what other `sums` would make believed, with these scales of rewards and features."""
        return _given(self.noise, sums, self.prior_precision(), self.prior_mean)

    def weights_for(self, response: Floats) -> Floats:
        """Return the weights (d,) that fit another `response` (d,) to these features; their prior is 0."""
        root = self.believed.root / np.sqrt(self.noise)
        weights: Floats = root.T @ (root @ response)
        return weights

    def prior_precision(self) -> Floats:
        """Return the precision (d, d) of the prior, as the scales of rewards and features now say."""
        return prior_precision(self.prior_mean, expected_deviations(self.attention.scale, self.sums.sizes()))


def posterior(sums: Sums, scale: RewardScale, prior_mean: Floats) -> tuple[Gaussian, float]:
    """Return what is believed of the weights after `sums`, and the noise of a reward.

    The noise is at first all of the mean squared reward, and then what the weights so found leave
    unexplained of it.
    """
    prior = prior_precision(prior_mean, expected_deviations(scale, sums.sizes()))
    square = mean_square(scale)
    noise = square * unexplained(sums, _given(square, sums, prior, prior_mean).mean, scale)
    return _given(noise, sums, prior, prior_mean), noise


def _given(noise: float, sums: Sums, prior: Floats, prior_mean: Floats) -> Gaussian:
    pull = noise * prior
    return solved(sums.precision + pull, sums.response + pull @ prior_mean, noise)


def unexplained(sums: Sums, weights: Floats, scale: RewardScale) -> float:
    """Return the share of the squared rewards that `weights` leave unexplained, d rewards more among them."""
    explained = float(weights @ (2.0 * sums.response - sums.precision @ weights))
    extra = len(weights) * scale.squares / max(scale.exposure, 1.0)
    return max(1.0 - explained / (scale.squares + extra + 1e-300), _LEAST_NOISE)
