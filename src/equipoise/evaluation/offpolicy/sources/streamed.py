"""A log of decisions weighed for several targets at once, piece by piece, in one pass."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.diagnosis import Diagnosis, diagnosed
from equipoise.evaluation.offpolicy.slates.log import WeighedSlates
from equipoise.evaluation.offpolicy.sources.decided import Decided, everything, featured, joined_stands
from equipoise.evaluation.offpolicy.sources.unlogged import reads_features
from equipoise.evaluation.offpolicy.support import Support
from equipoise.policies.policy import NOTHING, Policy
from equipoise.random import derive
from equipoise.types import Floats, Ints

View = Callable[[Decided], Decided | None]
"""Which decisions of a piece a target can be judged on, None where on none."""


class SlateTargetPolicy(Protocol):
    """A policy to be judged on decisions as they were logged."""

    @property
    def view(self) -> View:
        """Which decisions it can be judged on."""
        ...

    def ratios(self, piece: Decided) -> Floats:
        """Return its chance of each position given those above, over the logged one, (n, k)."""
        ...

    def shown(self, piece: Decided, rng: np.random.Generator) -> Ints:
        """Return the item codes of slates that it would show, (n, k), -1 where nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """A policy that reads candidates and their scores, or in another `view` their features too."""

    policy: Policy
    view: View = everything

    @classmethod
    def of(cls, policy: Policy) -> "Scored":
        """Return `policy` as a target: on decisions with the features of all candidates, if it reads them."""
        return cls(policy, featured if reads_features(policy) else everything)

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

    view: View = everything

    def ratios(self, piece: Decided) -> Floats:
        """Return 1 for each position, (n, k)."""
        return np.ones(piece.actions.shape)

    def shown(self, piece: Decided, rng: np.random.Generator) -> Ints:
        """Return the items that were shown, (n, k)."""
        return _items(piece, piece.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streamed:
    """A whole log under the eyes of one target; `stands` (n,) as in `Decided`, with mean 1."""

    slates: WeighedSlates
    diagnosis: Diagnosis
    stands: Floats | None = None

    @property
    def logged(self) -> Floats:
        """What each slate earned, times how many it stands for, (n,): on average, the worth of the log."""
        earned: Floats = self.slates.rewards.sum(axis=1, dtype=np.float64)
        return earned if self.stands is None else earned * self.stands


@dataclass(slots=True)
class _Sample:
    """The decisions in one view: rewards as float32, 4 k bytes a decision, and the rest of what is shared."""

    rewards: list[Floats] = field(default_factory=list)
    stands: list[Floats | None] = field(default_factory=list)
    unseen: int = 0

    def add(self, piece: Decided) -> None:
        """Take in a piece."""
        self.rewards.append(piece.rewards.astype(np.float32))
        self.stands.append(piece.stands)
        self.unseen += int((~piece.seen).sum())

    def __len__(self) -> int:
        return sum(map(len, self.rewards))


@dataclass(slots=True)
class _Gathered:
    """Weights down to each position, as float32: a target's 4 k bytes a decision."""

    weights: list[Floats] = field(default_factory=list)
    support: list[Support] = field(default_factory=list)

    def add(
        self, whole: Decided, piece: Decided, target: SlateTargetPolicy, rng: np.random.Generator
    ) -> None:
        """Take in a piece as the target views it, beside the whole, which says more of what was shown."""
        self.weights.append(np.cumprod(target.ratios(piece), axis=1).astype(np.float32))
        found = _support(whole, piece, target.shown(piece, rng))
        self.support = [Support.joined([*self.support, found])]


def streamed(
    pieces: Iterable[Decided],
    targets: Mapping[str, SlateTargetPolicy],
    *,
    seed: int = 0,
    together: bool = False,
) -> dict[str, Streamed]:
    """Return the log in `pieces`, oldest first, as each of `targets` sees it.

    A target that reads features is judged on the decisions that have them, the others on all; if `together`,
    all on those. Kept are 4 k bytes a decision for rewards, and as many for the weights of each target. Which
    items a target would show is drawn once a decision, by `seed`. Raises `BadInputError` where no decision is
    left.
    """
    views = {name: target.view for name, target in targets.items()}
    if together and featured in views.values():
        views = dict.fromkeys(views, featured)
    samples = {view: _Sample() for view in views.values()}
    gathered = {name: _Gathered() for name in targets}
    rng, decisions = derive(seed, "off-policy"), 0
    for piece in pieces:
        decisions += len(piece)
        seen = {view: view(piece) for view in samples}
        for view, part in seen.items():
            if part is not None:
                samples[view].add(part)
        for name, target in targets.items():
            if (mine := seen[views[name]]) is not None:
                gathered[name].add(piece, mine, target, rng)
    wholes = {view: _earned(sample, view, decisions) for view, sample in samples.items()}
    return {name: _whole(one, samples[views[name]], wholes[views[name]]) for name, one in gathered.items()}


def _earned(sample: _Sample, view: View, decisions: int) -> Floats:
    """Return the rewards (n, k) of a sample; refuse one that is too small to say anything."""
    if len(sample) >= 2:
        return _stacked(sample.rewards, 0.0)
    if view is featured and decisions:
        raise BadInputError(
            "--target",
            f"a policy reads features of every candidate, and the log has them of {len(sample)} of its "
            f"{decisions:,} decisions; let the server keep them (slate.keep_features), or choose a policy "
            "that reads scores, such as greedy, epsilon_greedy or uniform",
        )
    raise BadInputError("--log", "holds fewer than two decisions that can be used")


def _whole(gathered: _Gathered, sample: _Sample, rewards: Floats) -> Streamed:
    weights = _stacked(gathered.weights, np.nan)
    gathered.weights.clear()
    # A slate that ends above the last position keeps the weight it ended with.
    ended = np.isnan(weights)
    for position in range(1, weights.shape[1]):
        np.copyto(weights[:, position], weights[:, position - 1], where=ended[:, position])
    stands = joined_stands(sample.stands)
    if stands is not None:
        weights *= stands[:, None].astype(np.float32)
    last, earned = weights[:, -1].astype(np.float64), rewards.sum(axis=1, dtype=np.float64)
    diagnosis = diagnosed(last, earned, gathered.support[0], sample.unseen / len(rewards))
    slates = WeighedSlates(rewards=rewards, whole=weights[:, -1], cascade=weights)
    return Streamed(slates=slates, diagnosis=diagnosis, stands=stands)


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


def _support(whole: Decided, piece: Decided, shown: Ints) -> Support:
    """Return which items the `whole` shows, and which the target would have shown in the `piece` of it."""
    logged, wanted = _items(whole, whole.actions).ravel(), shown.ravel()
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
