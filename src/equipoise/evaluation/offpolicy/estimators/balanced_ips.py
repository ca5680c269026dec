"""Balanced IPS: weights learned by telling the log's actions from the target's (Sondhi et al., 2020).

For a log whose propensities are not known. In a sample of half logged and half target actions, the odds that
an action is the target's are the importance weight.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms, ratio
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.folds import Folds
from equipoise.evaluation.offpolicy.learners import Classifier, boosted_classifier, fitted, with_action
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.target import Target
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats, Ints


@dataclass(frozen=True, kw_only=True)
class BalancedIPS(OfRounds):
    """sum w r / sum w with w = odds of being the target's, by a cross-fitted classifier.

    The propensities of the log are not looked at. `weights` (n,), where given, are used as they are.
    """

    weights: Floats | None = None
    classifier: Classifier | None = None
    folds: int = 2
    seed: int = 0
    clip: float = float("inf")

    def weighed(self, feedback: LoggedActions, target: Target) -> Weighed:
        """Return `feedback` with the learned weights."""
        weights = self._learned(feedback, target) if self.weights is None else self.weights
        return replace(Weighed.of(feedback, target), weights=np.minimum(weights, self.clip))

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        return Terms(values=ratio(rounds.weights * rounds.rewards, rounds.weights))

    def _learned(self, feedback: LoggedActions, target: Target) -> Floats:
        if target.all is None:
            raise BadInputError("target", "balanced IPS needs the target's chance of every action")
        weights = np.empty(len(feedback))
        drawn = _drawn(target.all, np.random.default_rng(self.seed))
        logged, others = with_action(feedback, feedback.actions), with_action(feedback, drawn)
        for rest, part in Folds(count=self.folds, seed=self.seed).of(len(feedback)):
            both = np.concatenate((logged[rest], others[rest]))
            model = fitted(self.classifier or boosted_classifier, both, np.repeat([0, 1], len(rest)))
            chances = np.clip(model.predict_proba(logged[part])[:, 1], 1e-6, 1.0 - 1e-6)
            weights[part] = chances / (1.0 - chances)
        return weights


def _drawn(chances: Floats, rng: np.random.Generator) -> Ints:
    """Return one action a row of `chances` (n, n_actions)."""
    reached = rng.random(len(chances))[:, None] * chances.sum(axis=1, keepdims=True)
    below: Ints = (np.cumsum(chances, axis=1) <= reached).sum(axis=1)
    drawn: Ints = np.minimum(below, chances.shape[1] - 1)
    return drawn
