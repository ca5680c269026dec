"""Everything that the request path reads, in one place; what changes is replaced, never locked."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from equipoise.errors import LogError
from equipoise.events.facts import Decision, Event, Fact, Item
from equipoise.events.log import EventLog, Receipt
from equipoise.serving.arms import Arms
from equipoise.serving.board import Board
from equipoise.serving.feed import Feed
from equipoise.serving.learner import Learner
from equipoise.serving.memory import Memory, visitors
from equipoise.serving.metrics import Metrics
from equipoise.serving.problem import Problem
from equipoise.serving.rounds import Rounds
from equipoise.serving.settings import Settings
from equipoise.serving.shelf import Shelf
from equipoise.serving.steward import Steward


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The running shop: its log, its catalogue, its visitors, and the arms of its experiment.

    `shelf`, `memory` and `steward` belong to the event loop's thread; `learner` has its own, and replaces
    whole what requests read of it.
    """

    settings: Settings
    log: EventLog
    shelf: Shelf
    memory: Memory
    steward: Steward
    feed: Feed
    learner: Learner
    rounds: Rounds
    board: Board
    metrics: Metrics

    @property
    def arms(self) -> Arms:
        """The arms in use; raises a 503 problem where nothing is published."""
        arms = self.learner.arms
        if not arms:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE, "no recommender is published; run `equipoise train`"
            )
        return arms

    async def store(self, facts: Sequence[Fact]) -> Receipt:
        """Return once `facts` are durable; raise a 503 problem if they cannot be kept."""
        started = time.perf_counter()
        try:
            receipt = await asyncio.wrap_future(self.log.submit(facts))
        except LogError as error:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{error}; nothing was acknowledged") from error
        self.metrics.commit.observe(time.perf_counter() - started)
        self.absorb()
        return receipt

    def absorb(self) -> None:
        """Let what became durable since change the next slates: new items, who met what, what is spent."""
        for _, fact in self.feed.taken():
            match fact:
                case Event():
                    self._remember(fact)
                case Item():
                    self.shelf.put([fact])
                case Decision():
                    self.steward.settle(fact)

    def _remember(self, event: Event) -> None:
        self.metrics.events.labels(event.event_type).inc()
        self.steward.happened(event)
        code = self.shelf.code(event.item_id)
        for visitor in visitors(event.user_id, event.session_id):
            self.memory.add(visitor, event.timestamp, code, event.event_type)
