"""What a policy believes of rewards: how likely one comes, and what it is then worth (a hurdle model).

E[reward | shopper, item, position] = e[position] sigma(u) E[amount | shopper, item], with u from a bank of
logistic state-space models, and amounts from banks of Gaussian ones (hurdle: Cragg, 1971).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.attention import Attention
from equipoise.policies.bank.draws import Draws
from equipoise.policies.bank.information import groups_for
from equipoise.policies.bank.kernels import PROBIT
from equipoise.policies.bank.scale import FeatureScale
from equipoise.policies.bank.state_space import StateSpace, Utilities
from equipoise.policies.bank.values import Values
from equipoise.policies.examination import POSITIONS
from equipoise.types import Floats, Ints

HORIZON = 10_000
"""Requests that a shop has ahead at the least; an old shop is taken to have as many ahead as behind."""
_LARGEST = 40.0
"""Log-odds beyond which a chance is 0 or 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardModel:
    """Beliefs over d features; `turn` counts the updates, and makes each update's draws its own.

    `requests` were told of in all, `served` of them by the latest update.
    """

    features: FeatureScale
    occurrence: StateSpace
    values: Values
    attention: Attention
    draws: Draws
    requests: float = 0.0
    served: float = 0.0
    turn: int = 0

    @classmethod
    def prior(cls, n_features: int, prior_mean: Floats | None = None) -> "RewardModel":
        """Return the belief before any feedback; `prior_mean` (d,) in reward units."""
        features = FeatureScale.prior(n_features, prior_mean)
        bank = StateSpace.prior(
            features.width,
            constant=-2.0,
            constant_variance=4.0,
            weight_variance=features.weight_variance,
            bent=True,
        )
        occurrence = features.believed(bank)
        return cls(
            features=features,
            occurrence=occurrence,
            values=Values.prior(features.width),
            attention=Attention.none(),
            draws=Draws.of(occurrence, 0, purpose="occurrence"),
        )

    def learn(self, feedback: LoggedFeedback) -> "RewardModel":
        """Return the belief after `feedback`; this one stays as it is."""
        if len(feedback) == 0:
            return self
        if feedback.features.shape[1] != len(self.features.unit):
            known = len(self.features.unit)
            raise BadInputError(
                "features", f"the policy knows {known}, but the feedback has {feedback.features.shape[1]}"
            )
        scaled = self.features.after(feedback.features)
        return replace(self, features=scaled)._learnt(scaled.applied(feedback.features), feedback)

    def _learnt(self, features: Floats, feedback: LoggedFeedback) -> "RewardModel":
        seen, rewards = feedback.impressions.astype(np.float64), feedback.rewards.astype(np.float64)
        earned = rewards != 0.0
        looked = np.minimum(self.looked(feedback.positions), 1.0)
        served = float(seen[feedback.positions == 0].sum())
        expected = self._means(features, feedback.items)
        occurrence = self.occurrence.learn(
            features, feedback.items, earned.astype(np.float64), looked, seen > 0.0, noise=0.0
        )
        return replace(
            self,
            occurrence=occurrence,
            values=self.values.learn(features[earned], feedback.items[earned], rewards[earned]),
            attention=self.attention.add(feedback, seen * looked, expected, keep=1.0),
            draws=Draws.of(occurrence, self.turn + 1, purpose="occurrence"),
            requests=self.requests + served,
            served=served,
            turn=self.turn + 1,
        )

    def looked(self, positions: Ints) -> Floats:
        """Return how likely each of `positions` is looked at, 1 on top."""
        return self.attention.looked(positions)

    def item_terms(self, n_items: int) -> tuple[Floats, Floats]:
        """Return mean and standard deviation of the terms of items 0 to `n_items` - 1, in log-odds."""
        features = np.zeros((n_items, self.features.width))
        told = self.occurrence.predict(features, np.arange(n_items))
        means = told.mean(told.own_means)
        return means, np.sqrt(told.mean(told.own_variances + (told.own_means - means) ** 2))

    def means(self, items: Ints, features: Floats) -> Floats:
        """Return the expected reward on top of `items` (...) with `features` (..., d)."""
        flat = self.features.applied(features.reshape(items.size, features.shape[-1]))
        return self._means(flat, items.reshape(-1)).reshape(items.shape)

    def _means(self, features: Floats, items: Ints) -> Floats:
        return _mean_chance(self.occurrence.predict(features, items)) * self.values.means(features, items)

    def expected(self, feedback: LoggedFeedback) -> Floats:
        """Return how likely each impression of `feedback` was to earn something, 0 for late news, (n,)."""
        told = self.occurrence.predict(self.features.applied(feedback.features), feedback.items)
        looked = np.minimum(self.looked(feedback.positions), 1.0)
        return np.asarray((feedback.impressions > 0) * looked * _mean_chance(told))

    def drawn(self, items: Ints, features: Floats) -> "Drawn":
        """Return what is known, and what might be known, of `items` (n, m) with `features` (n, m, d)."""
        applied, flat = (
            self.features.applied(features.reshape(items.size, features.shape[-1])),
            items.reshape(-1),
        )
        told = self.occurrence.predict(applied, flat)
        unknown = told.unheard
        utilities = self.draws.utilities(flat, told, self._learnable(told.means, unknown))
        means, amounts = self.values.drawn(applied, flat, self.turn)
        means, draws = _mean_chance(told) * means, _chances(utilities) * amounts
        draws += (means - draws.mean(axis=1))[:, None]
        return Drawn(
            means=means.reshape(items.shape),
            draws=draws.reshape(*items.shape, draws.shape[-1]),
            trials=_trials(told, unknown).reshape(items.shape),
            ahead=self._ahead() * self.requests * items.shape[1] / self._catalogue(),
            looked=self.looked(np.arange(POSITIONS)),
            groups=groups_for(self.served),
        )

    def _ahead(self) -> float:
        """Return how many times as much as has been seen is still to come."""
        return max(1.0, HORIZON / max(self.requests, 1.0))

    def _catalogue(self) -> int:
        return max(len(self.occurrence.last), 1)

    def _learnable(self, means: Floats, unknown: Floats) -> Floats:
        """Return how much of the `unknown` variances (p, n) the impressions ahead can resolve.

        It is that of the posterior mean to come, v^2 / (v + 1/k), with k the information in an item's share
        of the impressions (as in the knowledge gradient: Frazier et al., 2008). What nobody will live to
        know is no reason to explore (Russo and Van Roy, 2022, on time-sensitive learning).
        """
        ahead = self._ahead() * self.occurrence.clock / self._catalogue()
        p = expit(means)
        known = unknown * p * (1.0 - p) * ahead
        return np.asarray(unknown * known / (1.0 + known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """`means` (n, m) and posterior `draws` (n, m, s) of rewards on top, as far as they can be learnt.

    `trials` (n, m) is after how many impressions half as much is unknown of an item,
    `ahead` in how many requests to come an item is a candidate; `looked` (POSITIONS,) how likely each
    position is looked at, 1 on top; `groups` into how many the draws are split.
    """

    means: Floats
    draws: Floats
    trials: Floats
    ahead: float
    looked: Floats
    groups: int


def _chances(utilities: Floats) -> Floats:
    """Return the logistic function of `utilities`, which are used up: faster than SciPy's of as many."""
    np.clip(utilities, -_LARGEST, _LARGEST, out=utilities)
    np.exp(np.negative(utilities, out=utilities), out=utilities)
    utilities += 1.0
    return np.reciprocal(utilities, out=utilities)


def _trials(told: Utilities, unknown: Floats) -> Floats:
    p = expit(told.means)
    return np.asarray(1.0 / np.maximum(told.mean(unknown * p * (1.0 - p)), 1e-12))


def _mean_chance(told: Utilities) -> Floats:
    """Return the chances of a reward, averaged over what is unknown, parts and models."""
    moderate = expit(told.means / np.sqrt(1.0 + PROBIT * told.variances))
    return told.mean(moderate)
