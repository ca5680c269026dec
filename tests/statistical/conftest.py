"""A small shop whose truth is known: segments, position bias, products that arrive, a taste that shifts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies import LearningPolicy, Options, Policy, PolicyConfig
from equipoise.random import derive
from equipoise.types import Bools, Floats, Ints

N_FEATURES = 8
LOOKED = 0.87 ** np.arange(10)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """`n_items`, of which the last `arriving` are unknown until a third of the way.

    Item effects have a log-scale spread of `unlike`; half-way a share `shift` of them is drawn anew, and
    the shoppers' tastes turn by as much.
    """

    seed: int
    n_items: int = 800
    arriving: int = 150
    slates: int = 6_000
    batch: int = 50
    m: int = 200
    unlike: float = 0.5
    shift: float = 0.5
    base: float = 0.04
    traits: Floats = field(init=False)
    tastes: Floats = field(init=False)
    effects: Floats = field(init=False)

    def __post_init__(self) -> None:
        rng = derive(self.seed, "shop")
        for name, shape in (
            ("traits", (self.n_items, 4)),
            ("tastes", (2, 4, 4)),
            ("effects", (2, self.n_items)),
        ):
            object.__setattr__(self, name, rng.normal(size=shape))
        moved = rng.random(self.n_items) < self.shift
        self.effects[1] = np.where(moved, self.effects[1], self.effects[0])
        turned = self.shift * self.tastes[1] + np.sqrt(1 - self.shift**2) * self.tastes[0]
        self.tastes[1] = turned

    @property
    def steps(self) -> int:
        return self.slates // self.batch

    def era(self, step: int) -> int:
        return int(step >= self.steps // 2)

    def present(self, step: int) -> int:
        return self.n_items if step >= self.steps // 3 else self.n_items - self.arriving

    def rates(self, step: int, segments: Ints, items: Ints) -> Floats:
        """Return what each of `items` (n, m) truly earns on top from a shopper of `segments` (n,)."""
        era = self.era(step)
        affinity = np.einsum("nd,nmd->nm", self.tastes[era][segments], self.traits[items])
        rates: Floats = np.minimum(
            self.base * np.exp(0.3 * affinity + self.unlike * self.effects[era][items]), 0.6
        )
        return rates

    def requests(self, step: int, rng: np.random.Generator) -> tuple[Ints, Options]:
        """Return the segments of a batch of shoppers, and what may be shown to them.

        A model of the past proposes what it thinks best, and the newest arrivals; it scores those 0.
        """
        segments = rng.integers(0, 4, self.batch)
        old = self.n_items - self.arriving
        guess = self.tastes[0][segments] @ self.traits.T + rng.normal(size=(self.batch, self.n_items)) * 0.7
        guess[:, old:] = 0.0
        fresh = self.present(step) - old
        places = min(fresh, self.m // 4)
        chosen = np.argpartition(-guess[:, :old], self.m - places, axis=1)[:, : self.m - places]
        newest = old + rng.random((self.batch, self.arriving)).argsort(axis=1)[:, :places]
        items = np.concatenate([chosen, newest], axis=1)
        scores = np.take_along_axis(guess, items, 1)
        columns = [np.ones_like(scores), scores, np.maximum(scores, 0.0) ** 2, items >= old]
        features = np.concatenate([np.stack(columns, axis=-1), self.traits[items]], axis=-1) * 0.5
        return segments, Options(
            items=items,
            scores=scores,
            features=features.astype(np.float32),
            context=np.zeros((self.batch, 0)),
        )


@dataclass(frozen=True)
class Story:
    """What happened to a policy in a shop: per step, expected reward per slate, its best, share explored."""

    reward: Floats
    best: Floats
    explored: Floats
    policy: Policy


def live(shop: Shop, policy: Policy, *, k: int = 10) -> Story:
    """Let `policy` serve `shop` from beginning to end, learning after each batch if it can."""
    rng, coins = derive(shop.seed, "shoppers"), derive(shop.seed, "policy")
    figures = np.empty((3, shop.steps))
    for step in range(shop.steps):
        segments, options = shop.requests(step, rng)
        rates = shop.rates(step, segments, options.items)
        slates = policy.decide(options, k, rng=coins)
        shown = np.take_along_axis(rates, slates.actions, 1) * LOOKED[:k]
        best = -np.sort(-rates, axis=1)[:, :k] * LOOKED[:k]
        figures[:, step] = shown.sum(1).mean(), best.sum(1).mean(), slates.explored.mean()
        if isinstance(policy, LearningPolicy):
            policy = policy.update(
                _feedback(options, slates.actions, slates.propensities, rng.random(shown.shape) < shown)
            )
    return Story(figures[0], figures[1], figures[2], policy)


def _feedback(options: Options, actions: Ints, propensities: Floats, earned: Bools) -> LoggedFeedback:
    rows = np.repeat(np.arange(len(options)), actions.shape[1])
    return LoggedFeedback(
        items=options.items[rows, actions.ravel()],
        features=options.features[rows, actions.ravel()],
        positions=np.tile(np.arange(actions.shape[1]), len(options)),
        propensities=propensities.ravel(),
        rewards=earned.ravel().astype(np.float64),
        impressions=np.ones(earned.size),
    )


@pytest.fixture
def reward() -> Callable[..., Floats]:
    """Return a function from (configuration, seed, …shop) to the expected reward per slate, by step."""

    def run(configuration: PolicyConfig, **shop: Any) -> Floats:
        return live(Shop(**shop), configuration.start(N_FEATURES)).reward

    return run
