"""Bagging: regressions on bootstrap samples of what was seen, and a slot goes to one of them at random.

The online bootstrap of Oza and Russell (2001), as in the contextual bandits of Agarwal et al. (2014) and
Bietti, Agarwal and Langford (2021): each row counts Poisson(1) times for each member. The members' priors
lie as far apart as the prior says (Osband, Aslanides and Cassirer, 2018), so that they differ from the start.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.attention import kept
from equipoise.policies.prior import expected_deviations, prior_precision
from equipoise.policies.ridge import Ridge
from equipoise.policies.voting import Voters, Voting
from equipoise.random import derive
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Bagging:
    """Show what one of `members` regressions likes best; a propensity is the share of members, exactly.

    A late reward counts as often as its own draw says, not as its impression did: right on average.
    `half_life`: impressions after which what was learnt counts half. `seed` names the stream of the draws.
    """

    members: int = 16
    half_life: float = 100_000.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (self.members >= 1 and self.half_life > 0.0):
            raise BadInputError("bagging", "needs members >= 1 and half_life > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "BaggingPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units."""
        shape = self.members, n_features
        policy = BaggingPolicy(
            config=self,
            ridge=Ridge.prior(n_features, prior_mean, half_life=self.half_life),
            updates=0,
            precisions=np.zeros((*shape, n_features)),
            responses=np.zeros(shape),
            offsets=derive(self.seed, "bagging", "priors").standard_normal(shape),
            weights=np.zeros((n_features, self.members)),
        )
        return replace(policy, weights=policy.fitted())


@dataclass(frozen=True, slots=True, kw_only=True)
class BaggingPolicy(Voting):
    """The policy of `Bagging` after `updates` updates.

    `ridge` saw every row once. The sums of s members are `precisions` (s, d, d) and `responses` (s, d),
    the means of their priors lie `offsets` (s, d) deviations from the prior mean, and `weights` (d, s) fit.
    """

    config: Bagging
    ridge: Ridge
    updates: int
    precisions: Floats
    responses: Floats
    offsets: Floats
    weights: Floats

    def voters(self) -> Voters:
        """Return the members."""
        return Voters(self.ridge.believed.mean, self.weights)

    def update(self, feedback: LoggedFeedback) -> "BaggingPolicy":
        """Return the policy after `feedback`."""
        if len(feedback) == 0:
            return self
        ridge, keep = self.ridge.learn(feedback), kept(feedback, self.config.half_life)
        features, exposure = feedback.features.astype(np.float64), self.ridge.attention.exposure(feedback)
        rng = derive(self.config.seed, "bagging", self.updates)
        times = rng.poisson(1.0, (self.config.members, len(feedback)))
        learnt = replace(
            self,
            ridge=ridge,
            updates=self.updates + 1,
            precisions=keep * self.precisions + _products(features, times * exposure),
            responses=keep * self.responses + (times * feedback.rewards) @ features,
        )
        return replace(learnt, weights=learnt.fitted())

    def fitted(self) -> Floats:
        """Return the posterior mean of each member, (d, s)."""
        deviations = expected_deviations(self.ridge.attention.scale, self.ridge.sums.sizes())
        pull = self.ridge.noise * prior_precision(self.ridge.prior_mean, deviations)
        priors = self.ridge.prior_mean + deviations * self.offsets
        responses = self.responses + priors @ pull
        return np.linalg.solve(self.precisions + pull, responses[:, :, None])[:, :, 0].T.copy()


def _products(features: Floats, counts: Floats) -> Floats:
    """Return the sum over rows of counts * x x^T for each member, (s, d, d)."""
    return np.stack([features.T @ (features * one[:, None]) for one in counts])
