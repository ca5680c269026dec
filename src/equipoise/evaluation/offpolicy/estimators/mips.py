"""Marginalised IPS over embeddings of actions (Saito and Joachims, 2022)."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms, ratio
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, largest, weighted
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.target import Target, expected
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats, Ints


@dataclass(frozen=True, kw_only=True)
class MIPS(OfRounds):
    """The mean of w(e) r: weights of what an action is like, far smaller than those of the action itself.

    Unbiased if the reward depends on the action through the embedding alone. Either each action has one
    embedding, `categories` (n_actions, d) of level codes; or they are random, with `embeddings` (n, d) the
    levels seen and `chances` (n_actions, levels, d) those of each level, each dimension by itself.
    """

    categories: Ints | None = None
    embeddings: Ints | None = None
    chances: Floats | None = None
    self_normalised: bool = False

    def __post_init__(self) -> None:
        if (self.categories is None) == (self.embeddings is None or self.chances is None):
            raise BadInputError("embeddings", "give `categories` alone, or `embeddings` and `chances`")

    def weighed(self, feedback: LoggedActions, target: Target) -> Weighed:
        """Return `feedback` with the weights p(e | x, target) / p(e | x, logging)."""
        of_target, logging = both(feedback, target)
        rounds = Weighed.of(feedback, target)
        likely = self._likely(feedback)
        return replace(rounds, weights=expected(of_target, likely) / expected(logging, likely))

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        if self.self_normalised:
            return Terms(values=ratio(rounds.weights * rounds.rewards, rounds.weights))
        return weighted(rounds, rounds.weights, largest(rounds.weights))

    def _likely(self, feedback: LoggedActions) -> Floats:
        """Return how likely each action is to have the embedding seen, (n, n_actions)."""
        if self.categories is not None:
            _, alike = np.unique(self.categories, axis=0, return_inverse=True)
            same: Floats = (alike[None, :] == alike[feedback.actions][:, None]).astype(np.float64)
            return same
        seen, chances = np.asarray(self.embeddings), np.asarray(self.chances)
        likely: Floats = np.ones((len(feedback), feedback.n_actions))
        for dimension in range(seen.shape[1]):
            likely *= chances[:, seen[:, dimension], dimension].T
        return likely


def both(feedback: LoggedActions, target: Target) -> tuple[Floats, Floats]:
    """Return the chances of all actions under target and logging policy, (n, n_actions) each."""
    if target.all is None or feedback.logging is None:
        raise BadInputError(
            "logging",
            "this estimator needs the chance of every action under both policies, `logging` and `all`",
        )
    return target.all, feedback.logging
