"""Opening a shop: from the log and the artifacts to everything that serves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from equipoise.data.content import TextEncoder
from equipoise.data.join import FeedbackJoin
from equipoise.errors import ArtifactError
from equipoise.events.facts import Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.recommenders.published import Published
from equipoise.serving.arms import Arms, start_arms
from equipoise.serving.board import Board
from equipoise.serving.figures import Figures
from equipoise.serving.learner import Learner
from equipoise.serving.memory import Memory
from equipoise.serving.metrics import Metrics
from equipoise.serving.recall import recall
from equipoise.serving.rounds import Rounds
from equipoise.serving.settings import Settings
from equipoise.serving.shelf import Shelf
from equipoise.serving.snapshots import Snapshot, latest
from equipoise.serving.state import State
from equipoise.store import ArtifactStore
