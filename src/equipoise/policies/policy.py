"""From scores to a slate and its probability: the protocols and the arrays that pass between."""

from dataclasses import dataclass
from typing import Protocol, Self, TypeVar, runtime_checkable

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints

NOTHING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What n requests may choose from: up to m candidates each.

    `items` (n, m) item codes, -1 where a request has fewer than m; `scores` (n, m); `features`
    (n, m, d) of (shopper, item); `context` (n, c) of the request alone.
    """

    items: Ints
    scores: Floats
    features: Floats
    context: Floats

    def __post_init__(self) -> None:
        n, m = self.items.shape
        if self.scores.shape != (n, m) or self.features.shape[:2] != (n, m) or len(self.context) != n:
            raise BadInputError("options", "items, scores, features and context disagree in shape")

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slates:
    """n slates of k positions.

    `actions` (n, k) are places in the row of candidates (not item codes), -1 where nothing was left;
    `propensities` (n, k) P(action | those above), 1 where nothing was left; `explored` (n, k) whether
    the policy's own best guess for that position, given those above, was another one. `exploration`
    (n,) is the share of explored positions that was to be expected, given what was drawn. `by_expert`
    (n, k, e): P(action | those above) under each of the e policies that a mixture draws from, if it is one.
    """

    actions: Ints
    propensities: Floats
    explored: Bools
    exploration: Floats
    by_expert: Floats | None = None


@runtime_checkable
class Policy(Protocol):
    """A distribution over slates; immutable."""

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Draw one slate of `k` positions for each request."""
        ...

    def propensities(self, options: Options, actions: Ints) -> Floats:
        """Return P(action | those above) for each position of `actions` (n, k), (n, k).

        `actions` are whole slates: a policy may choose otherwise where there are more positions to fill.
        """
        ...


@runtime_checkable
class LearningPolicy(Policy, Protocol):
    """A policy that learns from what its slates earned."""

    def update(self, feedback: LoggedFeedback) -> Self:
        """Return the policy after `feedback`; whoever holds this one keeps it as it is."""
        ...


P = TypeVar("P", bound=Policy)


def taught(policy: P, feedback: LoggedFeedback) -> P:
    """Return `policy` after `feedback`, and as it is where it is none that learns."""
    return policy.update(feedback) if isinstance(policy, LearningPolicy) else policy


class PolicyConfig(Protocol):
    """The settings of a policy: a frozen dataclass that starts it."""

    def start(self, n_features: int, prior_mean: Floats | None = None) -> Policy:
        """Return the policy before any feedback, for `n_features` features a candidate."""
        ...


def prior_of(n_features: int, prior_mean: Floats | None) -> Floats:
    """Return `prior_mean` as numbers (n_features,), 0 where it is None; refuse one of another length."""
    mean = np.zeros(n_features) if prior_mean is None else np.asarray(prior_mean, np.float64)
    if mean.shape != (n_features,):
        raise BadInputError("prior_mean", f"must have {n_features} weights, but its shape is {mean.shape}")
    return mean


def check_features(feedback: LoggedFeedback, n_features: int) -> None:
    """Refuse feedback of another number of features than a policy was started for."""
    if feedback.features.shape[1] != n_features:
        raise BadInputError(
            "features", f"the policy knows {n_features}, but the feedback has {feedback.features.shape[1]}"
        )


def check_options(options: Options, n_features: int) -> None:
    """Refuse options of another number of features than a policy was started for."""
    if options.features.shape[2] != n_features:
        raise BadInputError(
            "features", f"the policy knows {n_features}, but the options have {options.features.shape[2]}"
        )
