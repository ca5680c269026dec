"""Long-term values that are published while the server runs: read when the pointer to them moves."""

import logging

from equipoise.errors import ArtifactError
from equipoise.recommenders.long_term import LONG_TERM, LongTerm
from equipoise.serving.logs import say
from equipoise.serving.shelf import Shelf
from equipoise.store import ArtifactStore


class Outlook:
    """Tells of the long-term values whenever there are others than before."""

    def __init__(self, store: ArtifactStore, shelf: Shelf) -> None:
        self._store, self._shelf = store, shelf
        self._told: int | None = None

    def news(self) -> LongTerm | None:
        """Return what is to be looked ahead by if that changed since last asked, None if not.

        What cannot be read, or speaks of other items, is said once and passed over: what is served goes on.
        """
        try:
            version = self._store.current(LONG_TERM)
            if version is None or version == self._told:
                return None
            self._told = version
            return self._fitting(self._store.load(LONG_TERM, LongTerm, version=version))
        except ArtifactError as error:
            say(logging.ERROR, "long-term values cannot be used", detail=str(error))
            return None

    def _fitting(self, found: LongTerm) -> LongTerm:
        if tuple(self._shelf.ids[: len(found.vocabulary)]) != found.vocabulary:
            raise ArtifactError("they were learnt on another log than this; run `equipoise rl train`")
        return found
