"""A small shop: ten items the models know, three that arrived later, scores that are easy to predict."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import sparse

from equipoise.balance.signals import DriftReading
from equipoise.data.catalogue import Catalogue
from equipoise.data.histories import Histories
from equipoise.models.fusion.blend import BlendScorer
from equipoise.models.learner import TopK
from equipoise.policies.policy import Options, Slates
from equipoise.recommenders import (
    BestMatch,
    BoughtTogether,
    Features,
    NewArrivals,
    Popular,
    Recommender,
    Similar,
)
from equipoise.types import Floats, Ints

KNOWN, ALL = 10, 13


@dataclass(frozen=True, slots=True)
class Rising:
    """Scores an item by its code, times one more than the length of the history."""

    slope: float = 1.0

    @property
    def n_items(self) -> int:
        return KNOWN

    def score(self, histories: Histories) -> Floats:
        lengths = histories.known(KNOWN).lengths() + 1
        return (self.slope * lengths[:, None] * np.arange(KNOWN)[None, :]).astype(np.float32)

    def score_candidates(self, histories: Histories, candidates: Ints) -> Floats:
        return np.take_along_axis(self.score(histories), candidates, axis=1)

    def top(self, histories: Histories, k: int, exclude_seen: bool = True) -> TopK:
        scores = self.score(histories)
        items = np.argsort(-scores, axis=1)[:, :k]
        return TopK(items, np.take_along_axis(scores, items, axis=1))

    def similar(self, items: Ints, k: int) -> TopK:
        near = (items[:, None] + 1 + np.arange(k)[None, :]) % KNOWN
        return TopK(near, np.ones(near.shape, np.float32))


@dataclass(frozen=True, slots=True)
class ByScore:
    """Shows the highest scores; the last position goes to the last candidate, as an exploration."""

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        order = np.argsort(-options.scores, axis=1, kind="stable")[:, :k]
        explored = np.zeros(order.shape, np.bool_)
        return Slates(
            actions=order,
            propensities=np.ones(order.shape),
            explored=explored,
            exploration=np.zeros(len(order)),
        )

    def propensities(self, options: Options, actions: Ints) -> Floats:
        return np.ones(actions.shape)


@dataclass(frozen=True, slots=True)
class LastFirst(ByScore):
    """Learns nothing, but shows the candidates from the last to the first and calls them explored."""

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        order = np.arange(options.items.shape[1])[None, ::-1][:, :k]
        return Slates(
            actions=order,
            propensities=np.full(order.shape, 0.5),
            explored=np.ones(order.shape, np.bool_),
            exploration=np.ones(len(order)),
        )

    def update(self, feedback: object) -> "LastFirst":
        return self


class ShakenLastFirst(LastFirst):
    """The same, after a change of taste."""

    reading = DriftReading(evidence=0.0, alarms=1, since=10.0)
    drifting = True


@pytest.fixture
def catalogue() -> Catalogue:
    words = np.zeros((ALL, 5))
    words[np.arange(ALL), np.arange(ALL) % 5] = 1.0
    return Catalogue(
        prices=np.concatenate((np.arange(1.0, ALL), [np.nan])),
        arrived=np.concatenate((np.zeros(KNOWN, np.int64), [100, 101, 102])),
        available=np.ones(ALL, np.bool_),
        content=sparse.csr_matrix(words),
    )


@pytest.fixture
def recommender() -> Recommender:
    neighbours = (np.arange(KNOWN)[:, None] + np.array([1, 2])[None, :]) % KNOWN
    return Recommender(
        scorer=BlendScorer(scorers={"up": Rising(), "down": Rising(-1.0)}, weights={"up": 1.0, "down": 0.25}),
        sources=(
            BestMatch(quota=4),
            BoughtTogether(neighbours=neighbours, quota=4),
            Popular(items=np.array([0, 1, 2]), quota=2),
            NewArrivals(quota=2),
            Similar(neighbours=neighbours, quota=4),
        ),
        features=Features(models=("up", "down"), log_popularity=np.linspace(1, -1, KNOWN)),
        policy=ByScore(),
        trained_until=50,
        prior_mean=np.zeros(11),
        relative="up",
    )
