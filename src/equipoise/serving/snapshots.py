"""Snapshots of the policies, so that a restart learns only what came after."""

import logging
import time
from dataclasses import dataclass

from equipoise.balance.objectives import Lagrangian
from equipoise.errors import ArtifactError
from equipoise.policies.policy import Policy
from equipoise.serving.arms import Arm, Arms
from equipoise.serving.learner import Learner
from equipoise.serving.logs import say
from equipoise.store import ArtifactStore

NAME = "policies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One arm's policy as it was; `policy` is its name in the settings."""

    policy: str
    version: int
    state: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The policies after all facts numbered up to `seq`, on features of `features_version`.

    `lagrangian` holds the price of engagement that they had learned by.
    """

    seq: int
    features_version: str
    arms: dict[str, Learned]
    lagrangian: Lagrangian

    @classmethod
    def of(cls, arms: Arms, seq: int, lagrangian: Lagrangian) -> "Snapshot":
        """Return the snapshot of `arms`, of which there is at least one."""
        version = next(iter(arms.values())).recommender.features_version
        learned = {
            name: Learned(policy=arm.policy, version=arm.version, state=arm.recommender.policy)
            for name, arm in arms.items()
        }
        return cls(seq=seq, features_version=version, arms=learned, lagrangian=lagrangian)

    def restore(self, arm: Arm) -> Arm:
        """Return `arm` with the policy it had here, as it is where it was another kind of policy."""
        mine = self.arms.get(arm.variant)
        if mine is None or mine.policy != arm.policy:
            return arm
        return arm.carrying(mine.state, version=mine.version)


def latest(store: ArtifactStore, features_version: str) -> Snapshot | None:
    """Return the newest snapshot that fits `features_version`, None where there is none.

    One that cannot be read is passed over: the log can teach all of it again.
    """
    if store.current(NAME) is None:
        return None
    try:
        snapshot = store.load(NAME, Snapshot)
    except ArtifactError as error:
        say(logging.WARNING, "snapshot passed over", detail=str(error))
        return None
    return snapshot if snapshot.features_version == features_version else None


class Keeper:
    """Publishes a snapshot every so many seconds, where there is something new to keep."""

    def __init__(self, store: ArtifactStore, *, every: float) -> None:
        self._store, self._every = store, every
        self._kept_at, self._kept_seq = time.monotonic(), 0

    def keep_if_due(self, learner: Learner) -> None:
        """Keep what `learner` learned if the last snapshot is old enough."""
        if time.monotonic() - self._kept_at >= self._every:
            self.keep(learner)

    def keep(self, learner: Learner) -> None:
        """Keep what `learner` learned; where that fails, say so: the log still holds all of it."""
        self._kept_at = time.monotonic()
        if not learner.own or learner.seq == self._kept_seq:
            return
        try:
            kept = Snapshot.of(learner.own, learner.seq, learner.pursuit.lagrangian)
            version = self._store.publish(kept, NAME)
        except ArtifactError as error:
            say(logging.ERROR, "snapshot failed", detail=str(error))
            return
        self._kept_seq = learner.seq
        say(logging.INFO, "snapshot kept", version=version, seq=learner.seq)
