from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import Options, Slates
from equipoise.types import Floats, Ints


def certain(actions: Ints) -> Slates:
    """Slates chosen for sure."""
    return Slates(
        actions=actions,
        propensities=np.ones(actions.shape),
        explored=np.zeros(actions.shape, dtype=bool),
        exploration=np.zeros(len(actions)),
    )


@dataclass(frozen=True, slots=True)
class Random:
    """Uniform slates, which count what they were told."""

    impressions: float = 0.0
    rewards: float = 0.0

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        actions = rng.random(options.items.shape).argsort(axis=1)[:, :k]
        m = options.items.shape[1]
        return replace(
            certain(actions),
            propensities=np.broadcast_to(1.0 / (m - np.arange(k)), actions.shape),
            explored=actions > 0,
        )

    def propensities(self, options: Options, actions: Ints) -> Floats:
        m = options.items.shape[1]
        return np.broadcast_to(1.0 / (m - np.arange(actions.shape[1])), actions.shape)

    def update(self, feedback: LoggedFeedback) -> "Random":
        return Random(self.impressions + feedback.impressions.sum(), self.rewards + feedback.rewards.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomConfig:
    def start(self, n_features: int, prior_mean: Floats | None = None) -> Random:
        return Random()


@pytest.fixture
def show() -> Callable[[Ints], Slates]:
    return certain


@pytest.fixture
def random_policy() -> Random:
    return Random()


@pytest.fixture
def random_config() -> RandomConfig:
    return RandomConfig()
