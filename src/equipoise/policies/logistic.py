"""Bayesian logistic regression online: E[reward | features, position] = worth * e[position] * sigma(w . x).

A Gaussian approximation row by row, with the full covariance (Chapelle and Li, 2011, keep its diagonal). An
impression moves the mean to the mode of the posterior that it makes with the Gaussian so far, found along
the one direction in which it can move; a plain extended Kalman step overshoots at the first click of many.

What is known grows with the rewards: a row of reward y adds y (1 - sigma) to the information along x, which
is sigma (1 - sigma) on average, the information of a click that may or may not come. So a late reward brings
its information with it, and impressions still waiting for theirs do not pass for known failures.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.kernels import kernel, summing_kernel
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
    """The posterior of an intercept and d weights, in log-odds: its `mean` and its `precision`.

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
        """Return the belief after `feedback`; this one stays as it is."""
        if len(feedback) == 0:
            return self
        check_features(feedback, len(self.mean) - 1)
        features, keep = feedback.features.astype(np.float64), kept(feedback, self.half_life)
        looked, expected = self.attention.looked(feedback.positions), self.worth * self.rates(features)
        attention = self.attention.add(feedback, looked * feedback.impressions, expected, keep=keep)
        faded = self.faded(keep)
        mean, covariance = faded.mean.copy(), _inverse(faded.precision)
        design = np.column_stack((np.ones(len(features)), features))
        shares, seen = feedback.rewards / attention.scale.worth, feedback.impressions.astype(np.float64)
        known = _steps(design, shares, seen, looked, mean, covariance)
        precision = faded.precision + design.T @ (design * known[:, None])
        return replace(faded, mean=mean, precision=precision, attention=attention)

    def faded(self, keep: float) -> "Logistic":
        """Return the belief with all that was seen counting `keep` times as much."""
        precision = self.prior_precision + keep * (self.precision - self.prior_precision)
        pulled, before = self.precision @ self.mean, self.prior_precision @ self.prior_mean
        return replace(
            self, mean=_inverse(precision) @ (before + keep * (pulled - before)), precision=precision
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
    """Move `mean` (d,) and `covariance` (d, d) by n rows in turn; return what each adds to be known, (n,)."""
    n, d = features.shape
    known, gain = np.zeros(n), np.empty(d)
    for row in range(n):
        x = features[row]
        odds, variance = 0.0, 0.0
        for i in range(d):
            total = 0.0
            for j in range(d):
                total += covariance[i, j] * x[j]
            gain[i] = total
            odds += x[i] * mean[i]
            variance += x[i] * total
        if seen[row] > 0.0:
            step = _shown(shares[row], looked[row], odds, variance)
        else:
            step = _late(shares[row], odds, variance)
        for i in range(d):
            mean[i] += step * gain[i]
        known[row] = max(shares[row], 0.0) / (1.0 + np.exp(odds))
        if known[row] > 0.0:
            shrink = known[row] / (1.0 + known[row] * variance)
            for i in range(d):
                for j in range(d):
                    covariance[i, j] -= shrink * gain[i] * gain[j]
    return known


@summing_kernel
def _shown(share: float, looked: float, odds: float, variance: float) -> float:
    """Return the step g of an impression of reward `share`: the mode of y z - e log(1 + exp z) and the prior.

    It solves g = y - e sigma(z + `variance` g), here by Newton in a bracket. A share above e = `looked`
    counts as that many trials, all won: no log-odds are infinite.
    """
    trials = max(looked, share)
    low, high = share - trials, share
    step: float = share - trials / (1.0 + np.exp(-odds))
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-(odds + variance * step)))
        error = step - share + trials * chance
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


@kernel
def _late(share: float, odds: float, variance: float) -> float:
    """Return the step of a reward whose impression was counted before.

    Where clicks are rare, a belief of `variance` is a gamma distribution of 1 / variance clicks, and so many
    more move its log by log(1 + variance * share). What is nearly sure to be clicked has less far to go.
    """
    moved: float = np.log1p(variance * abs(share)) / (1.0 + np.exp(odds)) / max(variance, 1e-300)
    return moved if share >= 0.0 else -moved
