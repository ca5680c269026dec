"""Policies that count what they were told, and a planted shop: groups who buy mostly one group of items."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.data.interactions import Interactions
from equipoise.policies.policy import Options, Slates
from equipoise.random import derive
from equipoise.simulation import Shoppers, TasteModel, Tastes
from equipoise.types import Floats, Ints

PEOPLE, ITEMS, GROUPS = 300, 60, 3
SIZE = ITEMS // GROUPS


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


@pytest.fixture(scope="session")
def orders() -> Interactions:
    rng = derive(7, "orders")
    chance = np.linspace(2.0, 1.0, SIZE) / np.linspace(2.0, 1.0, SIZE).sum()
    own = [rng.choice(SIZE, 9, replace=False, p=chance) + SIZE * (who % GROUPS) for who in range(PEOPLE)]
    rows = [np.concatenate((rng.integers(ITEMS, size=1), row))[:9] for row in own]
    users = np.repeat(np.arange(PEOPLE), 9)
    times = np.tile(np.arange(9), PEOPLE)
    ones = np.ones(len(users))
    return Interactions(
        users=users,
        items=np.concatenate(rows),
        times=times,
        weights=ones,
        values=ones,
        n_users=PEOPLE,
        n_items=ITEMS,
    )


@pytest.fixture(scope="session")
def tastes(orders: Interactions) -> Tastes:
    prices = np.where(np.arange(ITEMS) % 2 == 0, 1.0, 4.0)
    return TasteModel(rank=2, segments=GROUPS).fit(orders, prices, rng=derive(7, "tastes"))


@pytest.fixture(scope="session")
def shoppers(tastes: Tastes) -> Shoppers:
    on_sale = np.arange(ITEMS) % SIZE >= 2
    return Shoppers.calibrated(tastes, on_sale, random_rate=0.02, best_rate=0.05, k=5)
