"""Snapshots of the policies, so that a restart learns only what came after."""

from dataclasses import dataclass

from equipoise.policies.policy import Policy
from equipoise.serving.arms import Arm, Arms
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
    """The policies after all facts numbered up to `seq`, on features of `features_version`."""

    seq: int
    features_version: str
    arms: dict[str, Learned]

    @classmethod
    def of(cls, arms: Arms, seq: int) -> "Snapshot":
        """Return the snapshot of `arms`, of which there is at least one."""
        version = next(iter(arms.values())).recommender.features_version
        learned = {
            name: Learned(policy=arm.policy, version=arm.version, state=arm.recommender.policy)
            for name, arm in arms.items()
        }
        return cls(seq=seq, features_version=version, arms=learned)

    def restore(self, arm: Arm) -> Arm:
        """Return `arm` with the policy it had here, as it is where it was another kind of policy."""
        mine = self.arms.get(arm.variant)
        if mine is None or mine.policy != arm.policy:
            return arm
        return arm.carrying(mine.state, version=mine.version)


def latest(store: ArtifactStore, features_version: str) -> Snapshot | None:
    """Return the newest snapshot that fits `features_version`, None where there is none."""
    if store.current(NAME) is None:
        return None
    snapshot = store.load(NAME, Snapshot)
    return snapshot if snapshot.features_version == features_version else None
