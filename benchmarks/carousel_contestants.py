"""Who fills the carousel: the segment-wise policies of Bendada et al. (RecSys 2020), and ours a segment each.

Every contestant keeps what it knows by segment. Names and settings are the paper's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, Self, TypeAlias

import numpy as np

from equipoise.balance.registry import named
from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import LearningPolicy, Options, Policy
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Slates of each segment, `playlists` and their `propensities` (segments, slates, slots)."""

    playlists: Ints
    propensities: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of slates shown to several users each: (segments, slates, users, slots)."""

    shown: Shown
    looked: Bools
    clicked: Bools


class Contestant(Protocol):
    """Fills carousels and learns; immutable."""

    def show(self, n: int, slots: int, rng: np.random.Generator) -> Shown:
        """Return `n` slates for each segment."""
        ...

    def learnt(self, seen: Seen) -> Self:
        """Return the contestant after a round."""
        ...


def contestant(name: str, segments: int, playlists: int) -> Contestant:
    """Return the contestant called `name` before the first round: one of the paper's, or a policy of ours."""
    if name in SCORES:
        return Counted(SCORES[name], np.zeros((segments, playlists)), np.zeros((segments, playlists)))
    return Segmented(tuple(named(name).start(1) for _ in range(segments)), playlists)


Score: TypeAlias = Callable[["Counted", int, np.random.Generator], Floats]
"""Called with what was counted and n; returns scores (segments, n, playlists)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Shows what scores highest by `clicks` and `displays` (segments, playlists), ties at random."""

    score: Score
    clicks: Floats
    displays: Floats

    def show(self, n: int, slots: int, rng: np.random.Generator) -> Shown:
        """Return `n` slates for each segment."""
        scores = self.score(self, n, rng)
        order = np.lexsort((rng.random(scores.shape), -scores))[..., :slots]
        return Shown(playlists=order, propensities=np.ones(order.shape))

    def learnt(self, seen: Seen) -> "Counted":
        """Return it with the displays that were looked at, and their clicks."""
        clicks, displays = self.clicks.copy(), self.displays.copy()
        segments = np.arange(len(clicks))[:, None, None]
        np.add.at(clicks, (segments, seen.shown.playlists), seen.clicked.sum(axis=2))
        np.add.at(displays, (segments, seen.shown.playlists), seen.looked.sum(axis=2))
        return replace(self, clicks=clicks, displays=displays)

    @property
    def means(self) -> Floats:
        """Clicks a display, 0 where there is none."""
        return self.clicks / np.maximum(self.displays, 1.0)


def _alike(scores: Floats, n: int) -> Floats:
    return np.broadcast_to(scores[:, None, :], (len(scores), n, scores.shape[1]))


def _random(known: Counted, n: int, rng: np.random.Generator) -> Floats:
    return _alike(np.zeros_like(known.clicks), n)


def _thompson(clicks: float, skips: float) -> Score:
    """Return Thompson sampling with a Beta(`clicks`, `skips`) prior."""

    def score(known: Counted, n: int, rng: np.random.Generator) -> Floats:
        shape = len(known.clicks), n, known.clicks.shape[1]
        passed = known.displays - known.clicks
        return rng.beta(clicks + known.clicks[:, None, :], skips + passed[:, None, :], size=shape)

    return score


def _epsilon_greedy(epsilon: float) -> Score:
    """Return the highest means, or with chance `epsilon` a slate at random; what is new counts 1."""

    def score(known: Counted, n: int, rng: np.random.Generator) -> Floats:
        greedy = rng.random((len(known.clicks), n, 1)) >= epsilon
        return _alike(np.where(known.displays > 0, known.means, 1.0), n) * greedy

    return score


def _explore_then_commit(displays: float) -> Score:
    """Return what lacks most of so many `displays`, then the highest means."""

    def score(known: Counted, n: int, rng: np.random.Generator) -> Floats:
        return _alike(known.means + 2.0 * np.maximum(displays - known.displays, 0.0), n)

    return score


def _kl_ucb(known: Counted, n: int, rng: np.random.Generator) -> Floats:
    """Return the largest rates that the counts do not rule out (Garivier and Cappé, 2011), by bisection."""
    mean = known.means
    reach = np.log(max(known.displays.sum(), 1.0)) / np.maximum(known.displays, 1e-9)
    low, high = mean, np.ones_like(mean)
    for _ in range(25):
        middle = (low + high) / 2
        far = _divergence(mean, middle) > reach
        low, high = np.where(far, low, middle), np.where(far, middle, high)
    return _alike(np.where(known.displays > 0, low, 1.0), n)


def _divergence(p: Floats, q: Floats) -> Floats:
    """Return KL(Bernoulli(p), Bernoulli(q))."""
    p, q = np.clip(p, 1e-15, 1 - 1e-15), np.clip(q, 1e-15, 1 - 1e-15)
    return np.asarray(p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q)))


SCORES: dict[str, Score] = {
    "random": _random,
    "ts-seg-pessimistic": _thompson(1.0, 99.0),
    "ts-seg-naive": _thompson(1.0, 1.0),
    "epsilon-greedy-explore": _epsilon_greedy(0.1),
    "epsilon-greedy-exploit": _epsilon_greedy(0.01),
    "kl-ucb-seg": _kl_ucb,
    "etc-seg-explore": _explore_then_commit(100.0),
    "etc-seg-exploit": _explore_then_commit(20.0),
}


@dataclass(frozen=True, slots=True)
class Segmented:
    """A policy of ours for each segment, over `n_playlists` items that have no features but a constant."""

    policies: tuple[Policy, ...]
    n_playlists: int

    def show(self, n: int, slots: int, rng: np.random.Generator) -> Shown:
        """Return `n` slates for each segment."""
        shape = n, self.n_playlists
        options = Options(
            items=np.broadcast_to(np.arange(self.n_playlists), shape),
            scores=np.zeros(shape),
            features=np.ones((*shape, 1)),
            context=np.ones((n, 1)),
        )
        slates = [policy.decide(options, slots, rng=rng) for policy in self.policies]
        return Shown(
            playlists=np.array([each.actions for each in slates]),
            propensities=np.array([each.propensities for each in slates]),
        )

    def learnt(self, seen: Seen) -> "Segmented":
        """Return it after each policy learnt what its segment looked at."""
        told = enumerate(self.policies)
        return replace(self, policies=tuple(_taught(policy, seen, segment) for segment, policy in told))


def _taught(policy: Policy, seen: Seen, segment: int) -> Policy:
    if not isinstance(policy, LearningPolicy):
        return policy
    slates, users, positions = np.nonzero(seen.looked[segment])
    return policy.update(
        LoggedFeedback(
            items=seen.shown.playlists[segment, slates, positions],
            features=np.ones((len(slates), 1)),
            positions=positions,
            propensities=seen.shown.propensities[segment, slates, positions],
            rewards=seen.clicked[segment, slates, users, positions].astype(np.float64),
            impressions=np.ones(len(slates)),
        )
    )
