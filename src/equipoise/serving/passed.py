"""What passes the gate while the server runs: read when the pointer to it moves."""

import logging

from equipoise.errors import ArtifactError
from equipoise.recommenders.gated import GATED, Gated
from equipoise.serving.logs import say
from equipoise.store import ArtifactStore


class Gatehouse:
    """Tells of the policies that passed the gate whenever there are others than before."""

    def __init__(self, store: ArtifactStore) -> None:
        self._store = store
        self._told: int | None = None

    def news(self) -> Gated | None:
        """Return what is to be served if that changed since last asked, None if not.

        What cannot be read is said once and passed over: what is served goes on.
        """
        try:
            version = self._store.current(GATED)
            if version is None or version == self._told:
                return None
            self._told = version
            return self._store.load(GATED, Gated, version=version)
        except ArtifactError as error:
            say(logging.ERROR, "what passed the gate cannot be read", detail=str(error))
            return None
