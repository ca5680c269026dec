"""Marginalised IPS whose weights are learned (Saito and Joachims, 2022, section 3.2)."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.evaluation.offpolicy.estimate import Terms, ratio
from equipoise.evaluation.offpolicy.estimators.mips import both
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, largest, weighted
from equipoise.evaluation.offpolicy.folds import Folds
from equipoise.evaluation.offpolicy.learners import Classifier, fitted, multinomial
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.target import Target, expected
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class LearnedMIPS(OfRounds):
    """w(x, e) as the mean of w(x, a) over the actions that a classifier finds likely, given x and e.

    `embeddings` (n, d) are numbers: what the action of each round was like. The classifier, multinomial
    logistic regression unless another of scikit-learn is given, is cross-fitted over `folds`.
    """

    embeddings: Floats
    classifier: Classifier | None = None
    folds: int = 2
    seed: int = 0
    self_normalised: bool = False

    def weighed(self, feedback: LoggedActions, target: Target) -> Weighed:
        """Return `feedback` with the learned weights."""
        of_target, logging = both(feedback, target)
        ratios = np.divide(of_target, logging, out=np.zeros_like(of_target, float), where=logging > 0.0)
        weights = expected(self._likely(feedback), ratios)
        return replace(Weighed.of(feedback, target), weights=weights)

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        if self.self_normalised:
            return Terms(values=ratio(rounds.weights * rounds.rewards, rounds.weights))
        return weighted(rounds, rounds.weights, largest(rounds.weights))

    def _likely(self, feedback: LoggedActions) -> Floats:
        """Return how likely each action is, given context and embedding, (n, n_actions)."""
        told = _beside(feedback.contexts, self.embeddings)
        likely = np.zeros((len(feedback), feedback.n_actions))
        for rest, part in Folds(count=self.folds, seed=self.seed).of(len(feedback)):
            model = fitted(self.classifier or multinomial, told[rest], feedback.actions[rest])
            likely[np.ix_(part, model.classes_)] = model.predict_proba(told[part])
        return likely


def _beside(contexts: Floats | None, embeddings: Floats) -> Floats:
    return embeddings if contexts is None else np.column_stack((contexts, embeddings))
