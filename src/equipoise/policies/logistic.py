"""Bayesian logistic regression online: E[reward | features, position] = worth * e[position] * sigma(w . x).

Laplace's approximation row by row, with the full covariance (Chapelle and Li, 2011, keep its diagonal).
Each row moves the mean to the mode of the posterior it makes with the Gaussian so far, found along the
one direction in which it can move; a plain extended Kalman step overshoots at the first click of many.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.kernels import summing_kernel
from equipoise.policies.attention import Attention, kept
from equipoise.policies.gaussian import Gaussian, inverse_root
from equipoise.policies.policy import check_features, prior_of
from equipoise.policies.prior import SPREAD, prior_precision
from equipoise.types import Floats

_BASE = -3.0, 1.5
"""Mean and standard deviation of the intercept before any feedback: clicks of about 1 to 20 %."""
_MEAN_REWARD = 0.05
"""What a reward is on average before any feedback."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """The posterior N(`mean`, `precision`^-1) of an intercept and d weights, in log-odds.

    A reward counts as a share of its usual size, `attention.scale.worth`: money as its number of usual
    purchases. What was seen fades by half in `half_life` impressions towards the prior, `prior_mean`
    (1 + d,) and `prior_precision`.
    """

    half_life: float
    prior_mean: Floats
    prior_precision: Floats
    mean: Floats
    precision: Floats
    attention: Attention

    @classmethod
    def prior(cls, n_features: int, prior_mean: Floats | None = None, *, half_life: float) -> "Logistic":
        """Return the belief before any feedback; `prior_mean` (d,) in reward units, 0 where it is None.

        Log-odds are relative, so they are expected to be `prior_mean` over the mean reward, which is
        taken to be no less than the largest weight.
        """
        weights = prior_of(n_features, prior_mean)
        weights = weights / np.max(np.abs(weights), initial=_MEAN_REWARD)
        mean, precision = np.append(_BASE[0], weights), np.zeros((1 + n_features, 1 + n_features))
        precision[0, 0] = _BASE[1] ** -2.0
        precision[1:, 1:] = prior_precision(weights, np.full(n_features, SPREAD))
        return cls(
            half_life=half_life,
            prior_mean=mean,
            prior_precision=precision,
            mean=mean,
            precision=precision,
            attention=Attention.none(),
        )

    def learn(self, feedback: LoggedFeedback) -> "Logistic":
        """Return the belief after `feedback`; this one stays as it is.

        A late reward shifts the mean, as it would have on time; the precision knows of the impression
        already.
        """
        if len(feedback) == 0:
            return self
        check_features(feedback, len(self.mean) - 1)
        features, keep = feedback.features.astype(np.float64), kept(feedback, self.half_life)
        looked, expected = self.attention.looked(feedback), self.worth * self.rates(features)
        attention = self.attention.add(feedback, looked * feedback.impressions, expected, keep=keep)
        precision = keep * self.precision + (1.0 - keep) * self.prior_precision
        covariance = _inverse(precision)
        mean = covariance @ (
            keep * (self.precision @ self.mean) + (1.0 - keep) * (self.prior_precision @ self.prior_mean)
        )
        design = np.column_stack((np.ones(len(features)), features))
        shares, seen = feedback.rewards / attention.scale.worth, feedback.impressions.astype(np.float64)
        curvature = _steps(design, shares, seen, looked, mean, covariance)
        return Logistic(
            half_life=self.half_life,
            prior_mean=self.prior_mean,
            prior_precision=self.prior_precision,
            mean=mean,
            precision=precision + design.T @ (design * curvature[:, None]),
            attention=attention,
        )

    @property
    def worth(self) -> float:
        """What a reward usually is, where there is one."""
        return self.attention.scale.worth

    def rates(self, features: Floats) -> Floats:
        """Return how many usual rewards an impression on top earns, 0 to 1, of `features` (..., d)."""
        log_odds = self.mean[0] + features @ self.mean[1:]
        rates: Floats = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -500.0, 500.0)))
        return rates

    def weights(self) -> Floats:
        """Return the mean of the d weights, in log-odds."""
        return self.mean[1:]

    def draws(self, count: int, scale: float, rng: np.random.Generator) -> Floats:
        """Return `count` draws of the d weights, (d, count), with deviations `scale` times as large."""
        return Gaussian(self.mean, inverse_root(self.precision)).draws(count, scale, rng)[1:]


def _inverse(precision: Floats) -> Floats:
    root = inverse_root(precision)
    return root.T @ root


@summing_kernel
def _steps(
    features: Floats, shares: Floats, seen: Floats, looked: Floats, mean: Floats, covariance: Floats
) -> Floats:
    """Move `mean` (d,) and `covariance` (d, d) by n rows in turn; return their curvatures (n,).

    With trials e, a row of share y has the log-likelihood y z - e log(1 + exp z) in its log-odds z. Where
    z was before, a late reward already had its gradient of -e sigma(z), which is given back. A share above
    its trials counts as that many trials, all won: no log-odds are infinite.
    """
    n, d = features.shape
    curvatures, gain = np.zeros(n), np.empty(d)
    for row in range(n):
        x = features[row]
        before, variance = 0.0, 0.0
        for i in range(d):
            total = 0.0
            for j in range(d):
                total += covariance[i, j] * x[j]
            gain[i] = total
            before += x[i] * mean[i]
            variance += x[i] * total
        target = shares[row] + (1.0 - seen[row]) * looked[row] / (1.0 + np.exp(-before))
        trials = max(looked[row], target)
        step = _implicit(target, trials, before, variance)
        for i in range(d):
            mean[i] += step * gain[i]
        after = 1.0 / (1.0 + np.exp(-(before + variance * step)))
        curvature = seen[row] * trials * after * (1.0 - after)
        curvatures[row] = curvature
        shrink = curvature / (1.0 + curvature * variance)
        for i in range(d):
            for j in range(d):
                covariance[i, j] -= shrink * gain[i] * gain[j]
    return curvatures


@summing_kernel
def _implicit(target: float, trials: float, before: float, variance: float) -> float:
    """Return the step g = `target` - `trials` * sigma(`before` + `variance` * g), by Newton in a bracket."""
    low, high = target - trials, target
    step: float = target - trials / (1.0 + np.exp(-before))
    step = min(max(step, low), high)
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-(before + variance * step)))
        error = step - target + trials * chance
        if error > 0.0:
            high = step
        else:
            low = step
        fresh = step - error / (1.0 + trials * variance * chance * (1.0 - chance))
        if not low <= fresh <= high:
            fresh = 0.5 * (low + high)
        moved, step = abs(fresh - step), fresh
        if moved <= 1e-10 * (1.0 + abs(step)):
            break
    return step
