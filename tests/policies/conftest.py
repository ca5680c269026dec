"""Requests and feedback for policies that look at the item alone, and for those that look at features."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies import Options
from equipoise.random import derive
from equipoise.types import Floats

Offer: TypeAlias = Callable[..., Options]
Shown: TypeAlias = Callable[..., LoggedFeedback]
Played: TypeAlias = Callable[..., tuple[Any, Floats]]


def _offer(*items: int, n: int = 1) -> Options:
    m = len(items)
    return Options(
        items=np.tile(items, (n, 1)),
        scores=np.zeros((n, m)),
        features=np.ones((n, m, 1)),
        context=np.zeros((n, 0)),
    )


def _shown(
    items: Sequence[int] | Any, rewards: Any, *, positions: Any = None, seen: Any = None
) -> LoggedFeedback:
    n = len(items)
    return LoggedFeedback(
        items=np.asarray(items),
        features=np.ones((n, 1)),
        positions=np.zeros(n, np.int64) if positions is None else np.asarray(positions),
        propensities=np.ones(n),
        rewards=np.asarray(rewards, np.float64),
        impressions=np.ones(n) if seen is None else np.asarray(seen, np.float64),
    )


@pytest.fixture
def offer() -> Offer:
    """Return a maker of `n` requests that all offer the same items."""
    return _offer


@pytest.fixture
def shown() -> Shown:
    """Return a maker of feedback: what each item earned, on top and at once unless said otherwise."""
    return _shown


@pytest.fixture
def played() -> Played:
    """Return a game: a policy plays items of known click rates and learns every 20 rounds.

    It returns the policy after the last round, and the share of rounds in which it showed each item.
    """

    def play(policy: Any, rates: Floats, rounds: int, *, seed: int = 1, size: float = 1.0) -> Any:
        rng, counts, options = derive(seed, "played"), np.zeros(len(rates)), _offer(*range(len(rates)), n=20)
        for _ in range(rounds // 20):
            chosen = policy.decide(options, 1, rng=rng).actions[:, 0]
            policy = policy.update(_shown(chosen, size * (rng.random(20) < rates[chosen])))
            counts += np.bincount(chosen, minlength=len(rates))
        return policy, counts / counts.sum()

    return play


@pytest.fixture
def planted() -> Callable[..., LoggedFeedback]:
    """Return a maker of `n` rows whose mean reward is features . weights, with noise."""

    def rows(n: int, weights: Floats, *, noise: float = 0.5, seed: int = 1) -> LoggedFeedback:
        rng = derive(seed, "planted")
        features = rng.normal(size=(n, len(weights)))
        return LoggedFeedback(
            items=np.zeros(n, np.int64),
            features=features,
            positions=np.zeros(n, np.int64),
            propensities=np.full(n, 0.25),
            rewards=features @ weights + noise * rng.standard_normal(n),
            impressions=np.ones(n),
        )

    return rows


@pytest.fixture
def offered() -> Callable[[Floats], Options]:
    """Return a maker of one request whose candidates have `features` (m, d)."""

    def request(features: Floats) -> Options:
        m = len(features)
        return Options(
            items=np.arange(m)[None],
            scores=np.zeros((1, m)),
            features=np.asarray(features, np.float64)[None],
            context=np.zeros((1, 0)),
        )

    return request
