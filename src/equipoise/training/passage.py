"""Through the gate and back: which policy serves a variant, and what it replaced."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from equipoise.artifact import load_artifact, save_artifact
from equipoise.errors import ArtifactError, BadInputError
from equipoise.policies.policy import Policy
from equipoise.recommenders.gated import GATED, Gated, Passed
from equipoise.store import ArtifactStore
from equipoise.training.candidate import Candidate


@dataclass(frozen=True, slots=True)
class Passage:
    """Publishes into `store` what serves instead of the policies of the settings."""

    store: ArtifactStore

    def present(self, variant: str) -> Passed | None:
        """Return what passed the gate and serves `variant`, None where that is the settings' policy."""
        return self._gated().policies.get(variant)

    def publish(self, variant: str, one: Candidate, about: Mapping[str, Any]) -> int:
        """Let `one` serve `variant` from now on; return the version of the artifact that says so.

        Raises `BadInputError` where a server could not read it back.
        """
        self._check(one.policy)
        version = self.store.current(GATED)
        passed = Passed(
            name=one.name,
            policy=one.policy,
            passage=str(about["record"]),
            before=version,
            learned_until=one.learned_until,
        )
        return self.store.publish(self._gated().serving(variant, passed), GATED, about)

    def back(self, variant: str, about: Mapping[str, Any]) -> tuple[Passed, Passed | None, int]:
        """Let what served `variant` before the present policy serve it again.

        Returns both, None for the policy of the settings, and the version. Raises `BadInputError` where
        nothing was published.
        """
        gated, present = self._gated(), self.present(variant)
        if present is None:
            raise BadInputError(
                "--variant", f"{variant} serves the policy of the settings; there is nothing to go back from"
            )
        earlier = None
        if present.before is not None:
            earlier = self._version(present.before).policies.get(variant)
        return present, earlier, self.store.publish(gated.serving(variant, earlier), GATED, about)

    def _check(self, policy: Policy) -> None:
        with TemporaryDirectory() as scratch:
            save_artifact(policy, Path(scratch) / "policy")
            try:
                load_artifact(object, Path(scratch) / "policy", trust=self.store.trust)
            except ArtifactError as error:
                raise BadInputError(
                    "storage.trust", f"a server could not read this policy; name its package there ({error})"
                ) from error

    def _gated(self) -> Gated:
        return Gated() if self.store.current(GATED) is None else self.store.load(GATED, Gated)

    def _version(self, version: int) -> Gated:
        with contextlib.suppress(ArtifactError):
            return self.store.load(GATED, Gated, version=version)
        raise ArtifactError(
            f"{self.store.folder}: what was served before is no longer kept (version {version}); "
            "publish a policy with `equipoise gate` instead"
        )
