"""What a policy believes: E[reward | shopper, item, position] = e[position] * (w . features + b[item]).

The shared weights w and the item terms b are jointly Gaussian. Their posterior is exact: it solves the
mixed-model equations (Henderson, 1975), with the item blocks eliminated (Schur complement). All that is
kept are sums, so the order and the delay of rewards do not matter.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.attention import Attention, kept
from equipoise.policies.item_terms import ItemTerms
from equipoise.policies.policy import check_features, prior_of
from equipoise.policies.posterior import LinearPosterior
from equipoise.policies.reward_scale import RewardScale
from equipoise.types import Floats, Ints

SPREAD = 0.5
"""How far weights are expected to lie from their prior, as a share of the mean reward."""
ITEM_SPREAD = 0.25
"""How far item terms are usually expected to lie from 0: by less, features having told most of it."""
SCALE = 1.0
"""How far the scale of the prior mean as a whole may lie from 1."""
_ROUNDING = 1e-12
"""Added to the diagonal as a share of the precision, for features so large that the prior is lost in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The posterior in the form predictions need: per item (items + 1), the last row for items never shown.

    `means` of the item terms; `variances` of them given w, and `slopes` (items + 1, d) of them in w, both
    in units of `noise`.
    """

    weights: LinearPosterior
    means: Floats
    variances: Floats
    slopes: Floats
    noise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """Sums of what was seen, and the posterior they make.

    The noise of a reward is in proportion to its mean, so to e, and an impression counts e: `precision`
    (d, d) sums e features features^T and `response` (d,) sums reward * features. Before anything is seen
    weights have a standard deviation of `SPREAD` and item terms of `item_spread` times the mean reward,
    around `prior_mean` (d,) and 0. Sums fade by half in `half_life` impressions; the prior
    does not.
    """

    half_life: float
    item_spread: float
    prior_mean: Floats
    precision: Floats
    response: Floats
    terms: ItemTerms
    attention: Attention
    solved: Solved

    @classmethod
    def prior(
        cls,
        n_features: int,
        prior_mean: Floats | None = None,
        *,
        half_life: float,
        item_spread: float = ITEM_SPREAD,
    ) -> "Belief":
        """Return the belief before any feedback; `prior_mean` (d,) in reward units, 0 where it is None."""
        mean = prior_of(n_features, prior_mean)
        sums = np.zeros((n_features, n_features)), np.zeros(n_features), ItemTerms.none(n_features)
        return cls(
            half_life=half_life,
            item_spread=item_spread,
            prior_mean=mean,
            precision=sums[0],
            response=sums[1],
            terms=sums[2],
            attention=Attention.none(),
            solved=_solve(*sums, RewardScale(), mean, item_spread),
        )

    def learn(self, feedback: LoggedFeedback) -> "Belief":
        """Return the belief after `feedback`; this one stays as it is."""
        if len(feedback) == 0:
            return self
        check_features(feedback, len(self.response))
        features = feedback.features.astype(np.float64)
        rewards, exposure = feedback.rewards.astype(np.float64), self.attention.exposure(feedback)
        keep = kept(feedback, self.half_life)
        weighted = features * exposure[:, None]
        precision = self.precision * keep + features.T @ weighted
        response = self.response * keep + rewards @ features
        terms = self.terms.add(feedback.items, exposure, rewards, weighted, keep=keep)
        expected = self.means(feedback.items, features)
        attention = self.attention.add(feedback, exposure, expected, keep=keep)
        return replace(
            self,
            precision=precision,
            response=response,
            terms=terms,
            attention=attention,
            solved=_solve(precision, response, terms, attention.scale, self.prior_mean, self.item_spread),
        )

    def means(self, items: Ints, features: Floats) -> Floats:
        """Return the expected reward on top of `items` (...) with `features` (..., d)."""
        return features @ self.solved.weights.mean + self.solved.means[self.terms.rows(items)]

    def predict(self, items: Ints, features: Floats) -> tuple[Floats, Floats]:
        """Return mean and standard deviation (...) of the expected reward on top; -1 is an unseen item."""
        solved, rows = self.solved, self.terms.rows(items)
        means = features @ solved.weights.mean + solved.means[rows]
        variances = solved.variances[rows] + solved.weights.variance(features - solved.slopes[rows])
        return means, np.sqrt(solved.noise * variances)

    def item_means(self, n_items: int) -> Floats:
        """Return the mean of the terms of items 0 to `n_items` - 1."""
        return self.solved.means[self.terms.rows(np.arange(n_items))]

    def item_deviations(self, n_items: int) -> Floats:
        """Return the standard deviation of the terms of items 0 to `n_items` - 1."""
        rows = self.terms.rows(np.arange(n_items))
        variances = self.solved.variances + self.solved.weights.variance(self.solved.slopes)
        return np.sqrt(self.solved.noise * variances)[rows]


def _solve(
    precision: Floats,
    response: Floats,
    terms: ItemTerms,
    scale: RewardScale,
    prior_mean: Floats,
    item_spread: float,
) -> Solved:
    prior = scale.noise / (SPREAD * scale.mean) ** 2
    variances = 1.0 / (terms.exposure + scale.noise / (item_spread * scale.mean) ** 2)
    slopes = terms.features * variances[:, None]
    rounding = _ROUNDING * float(np.trace(precision)) * np.eye(len(response))
    pull = _prior_precision(prior_mean, prior, (SPREAD * scale.mean) ** 2)
    reduced = precision + pull + rounding - slopes.T @ terms.features
    weights = LinearPosterior.solve(reduced, response + pull @ prior_mean - terms.earned @ slopes)
    means = terms.earned * variances - slopes @ weights.mean
    return Solved(weights=weights, means=means, variances=variances, slopes=slopes, noise=scale.noise)


def _prior_precision(prior_mean: Floats, prior: float, variance: float) -> Floats:
    """Return the precision (d, d) of weights that are the prior mean times N(1, SCALE^2), plus noise.

    Their covariance is `variance` I + SCALE^2 m m^T, inverted by Sherman and Morrison (1950): whoever
    fitted the prior mean on other data may well have its scale wrong and its direction right.
    """
    ratio = SCALE**2 / variance
    outer = np.outer(prior_mean, prior_mean)
    shrunk = np.eye(len(prior_mean)) - outer * (ratio / (1.0 + ratio * float(prior_mean @ prior_mean)))
    return prior * shrunk
