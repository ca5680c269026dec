"""Opening a shop: from the log and the artifacts to everything that serves."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from equipoise.data.content import TextEncoder
from equipoise.data.join import FeedbackJoin, Find
from equipoise.errors import ArtifactError, LogError
from equipoise.events.sqlite import SQLiteLog
from equipoise.recommenders.published import Published
from equipoise.serving.arms import Arms, start_arms
from equipoise.serving.board import Board
from equipoise.serving.feed import Feed, Numbered
from equipoise.serving.figures import Figures
from equipoise.serving.learner import Learner
from equipoise.serving.logs import log as lines
from equipoise.serving.logs import say
from equipoise.serving.memory import Memory
from equipoise.serving.metrics import Metrics
from equipoise.serving.recall import recall
from equipoise.serving.rounds import Rounds
from equipoise.serving.settings import Settings
from equipoise.serving.shelf import Shelf
from equipoise.serving.snapshots import Keeper, latest
from equipoise.serving.state import State
from equipoise.store import ArtifactStore

PUBLISHED = "shop"
"""The name under which training publishes what is served."""
_NO_WORDS = TextEncoder((), np.zeros(0, np.float32))
_REPLAYED_AT_ONCE = 10_000


@contextmanager
def opened(settings: Settings) -> Iterator[State]:
    """Open the log, catch up with it, learn while inside, and keep what was learned at the end.

    Raises `LogError` or `ArtifactError` where the log or an artifact cannot be used.
    """
    log = SQLiteLog(settings.storage.log)
    try:
        state, work = _assembled(settings, log)
        log.subscribe(state.feed.give)
        log.subscribe(state.rounds.take)
        _catch_up(log, work)
        state.rounds.start()
        yield state
        state.rounds.stop()
        work.keeper.keep(state.learner)
    finally:
        log.close()
