"""A log of decisions weighed for several targets at once, piece by piece, in one pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.diagnosis import Diagnosis, diagnosed
from equipoise.evaluation.offpolicy.slates.log import WeighedSlates
from equipoise.evaluation.offpolicy.sources.decisions import Decided
from equipoise.evaluation.offpolicy.support import Support
from equipoise.policies.policy import NOTHING, Policy
from equipoise.random import derive
from equipoise.types import Floats, Ints


class SlateTargetPolicy(Protocol):
    """A policy to be judged on decisions as they were logged."""

    def ratios(self, piece: Decided) -> Floats:
        """Return its chance of each position given those above, over the logged one, (n, k)."""
        ...

    def shown(self, piece: Decided, rng: np.random.Generator) -> Ints:
        """Return the item codes of slates that it would show, (n, k), -1 where nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """A policy that reads no more than candidates and their scores."""

    policy: Policy

    def ratios(self, piece: Decided) -> Floats:
        """Return its chance of each position given those above, over the logged one, (n, k)."""
        chances = self.policy.propensities(piece.options, piece.actions)
        return np.where(piece.actions == NOTHING, 1.0, chances) / piece.propensities

    def shown(self, piece: Decided, rng: np.random.Generator) -> Ints:
        """Return the item codes of slates that it would show, (n, k), -1 where nothing."""
        slates = self.policy.decide(piece.options, piece.actions.shape[1], rng=rng)
        asked = np.where(piece.actions == NOTHING, NOTHING, slates.actions)
        return _items(piece, asked)


@dataclass(frozen=True, slots=True)
class AsLogged:
    """The policy that made the log: what it earned, to compare with."""

    def ratios(self, piece: Decided) -> Floats:
        """Return 1 for each position, (n, k)."""
        return np.ones(piece.actions.shape)

    def shown(self, piece: Decided, rng: np.random.Generator) -> Ints:
        """Return the items that were shown, (n, k)."""
        return _items(piece, piece.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streamed:
    """A whole log under the eyes of one target."""

    slates: WeighedSlates
    diagnosis: Diagnosis


@dataclass(slots=True)
class _Gathered:
    """Weights down to each position, as float32: a target's 4 k bytes a decision."""

    weights: list[Floats] = field(default_factory=list)
    support: list[Support] = field(default_factory=list)

    def add(self, piece: Decided, target: SlateTargetPolicy, rng: np.random.Generator) -> None:
        """Take in a piece."""
        self.weights.append(np.cumprod(target.ratios(piece), axis=1).astype(np.float32))
        found = _support(piece, target.shown(piece, rng))
        self.support = [Support.joined([*self.support, found])]


def streamed(
    pieces: Iterable[Decided], targets: Mapping[str, SlateTargetPolicy], *, seed: int = 0
) -> dict[str, Streamed]:
    """Return the log in `pieces`, oldest first, as each of `targets` sees it.

    Kept are 4 k bytes a decision for rewards, and as many for the weights of each target. Which items a
    target would show is drawn once a decision, by `seed`. Raises `BadInputError` where no decision is left.
    """
    gathered = {name: _Gathered() for name in targets}
    rewards: list[Floats] = []
    unseen, rng = 0, derive(seed, "off-policy")
    for piece in pieces:
        rewards.append(piece.rewards.astype(np.float32))
        unseen += int((~piece.seen).sum())
        for name, target in targets.items():
            gathered[name].add(piece, target, rng)
    if sum(map(len, rewards)) < 2:
        raise BadInputError("--log", "holds fewer than two decisions that can be used")
    earned = _stacked(rewards, 0.0)
    return {name: _whole(one, earned, unseen / len(earned)) for name, one in gathered.items()}


def _whole(gathered: _Gathered, rewards: Floats, unseen: float) -> Streamed:
    weights = _stacked(gathered.weights, np.nan)
    gathered.weights.clear()
    # A slate that ends above the last position keeps the weight it ended with.
    ended = np.isnan(weights)
    for position in range(1, weights.shape[1]):
        np.copyto(weights[:, position], weights[:, position - 1], where=ended[:, position])
    last = weights[:, -1].astype(np.float64)
    diagnosis = diagnosed(last, rewards.sum(axis=1, dtype=np.float64), gathered.support[0], unseen)
    return Streamed(
        slates=WeighedSlates(rewards=rewards, whole=weights[:, -1], cascade=weights), diagnosis=diagnosis
    )


def _stacked(tables: list[Floats], filler: float) -> Floats:
    """Return tables (n, k) of different k as one."""
    width, rows = max(table.shape[1] for table in tables), sum(map(len, tables))
    stacked = np.full((rows, width), filler, np.float32)
    start = 0
    for table in tables:
        stacked[start : start + len(table), : table.shape[1]] = table
        start += len(table)
    return stacked


def _items(piece: Decided, actions: Ints) -> Ints:
    items: Ints = np.where(
        actions == NOTHING,
        NOTHING,
        np.take_along_axis(piece.options.items, np.maximum(actions, 0), axis=1),
    )
    return items


def _support(piece: Decided, shown: Ints) -> Support:
    """Return which items were shown, and which the target would have shown."""
    logged, wanted = _items(piece, piece.actions).ravel(), shown.ravel()
    most = int(max(logged.max(), wanted.max())) + 1
    choices = (piece.options.items != NOTHING).sum(axis=1) > 1
    return Support(
        codes=np.arange(most),
        logged=np.bincount(logged[logged != NOTHING], minlength=most) + 0.0,
        mass=np.bincount(wanted[wanted != NOTHING], minlength=most) + 0.0,
        expected=None,
        certain=int(((piece.propensities[:, 0] >= 1.0) & choices).sum()),
        rounds=len(piece),
    )
