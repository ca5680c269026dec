"""Opening a shop: from the log and the artifacts to everything that serves."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from equipoise.balance.controller import Controller
from equipoise.balance.guardrail import Guard
from equipoise.data.content import TextEncoder
from equipoise.data.join import FeedbackJoin, Find
from equipoise.errors import ArtifactError
from equipoise.events.facts import Decision, Event
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
from equipoise.serving.outlook import Outlook
from equipoise.serving.passed import Gatehouse
from equipoise.serving.pursuit import Pursuit
from equipoise.serving.recall import recall
from equipoise.serving.rehearsal import rehearse
from equipoise.serving.rounds import Rounds
from equipoise.serving.settings import Settings
from equipoise.serving.shelf import Shelf
from equipoise.serving.snapshots import Keeper, Snapshot, latest
from equipoise.serving.state import State
from equipoise.serving.steward import Steward, Switch
from equipoise.serving.times import now
from equipoise.serving.watch import Watch
from equipoise.store import ArtifactStore

PUBLISHED = "shop"
"""The name under which training publishes what is served."""
_NO_WORDS = TextEncoder((), np.zeros(0, np.float32))
_REPLAYED_AT_ONCE = 10_000


@contextmanager
def opened(settings: Settings) -> Iterator[State]:
    """Open the log, catch up with it, rehearse, learn while inside, and keep what was learned at the end.

    Raises `LogError` or `ArtifactError` where the log or an artifact cannot be used.
    """
    log = SQLiteLog(settings.storage.log)
    try:
        state, keeper = _caught_up(settings, log)
        rehearse(state.learner.arms, state.shelf.catalogue, settings.slate.k, now=now())
        log.subscribe(state.feed.give)
        log.subscribe(state.rounds.take)
        state.rounds.start()
        try:
            yield state
        finally:
            state.rounds.stop()
            keeper.keep(state.learner)
    finally:
        log.close()


def caught_up(settings: Settings, log: SQLiteLog) -> State:
    """Return what a server would begin with, neither learning nor keeping anything from then on."""
    return _caught_up(settings, log)[0]


def _caught_up(settings: Settings, log: SQLiteLog) -> tuple[State, Keeper]:
    state, work = _assembled(settings, log)
    _catch_up(log, work, state.steward)
    return state, work.keeper


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What every round does with new facts; all of it on one thread."""

    learner: Learner
    gatehouse: Gatehouse
    outlook: Outlook
    board: Board
    keeper: Keeper

    def __call__(self, facts: Sequence[Numbered]) -> None:
        self._each(facts, self.learner.learn, self._follow, self._count, self._keep)

    def catch_up(self, facts: Sequence[Numbered]) -> None:
        """Learn from `facts` of the past and count them, whatever passes the gate meanwhile."""
        self._each(facts, self.learner.learn, self._count, self._keep)

    def _each(self, facts: Sequence[Numbered], *parts: Callable[[Sequence[Numbered]], None]) -> None:
        # One that fails must take neither the others nor the start of the server with it.
        for part in parts:
            try:
                part(facts)
            except Exception:
                lines.exception("round failed", extra={"told": {"part": part.__name__, "facts": len(facts)}})

    def _follow(self, _: Sequence[Numbered]) -> None:
        gated, long_term = self.gatehouse.news(), self.outlook.news()
        if gated is not None:
            self.learner.follow(gated)
        if long_term is not None:
            self.learner.foresee(long_term)

    def _count(self, facts: Sequence[Numbered]) -> None:
        self.board.add(facts, self.learner.arms)

    def _keep(self, facts: Sequence[Numbered]) -> None:
        self.keeper.keep_if_due(self.learner)


def _assembled(settings: Settings, log: SQLiteLog) -> tuple[State, _Work]:
    store = ArtifactStore(folder=settings.storage.artifacts, trust=trusted(settings))
    published = _published(store)
    shelf = _shelf(log, published)
    metrics = Metrics()
    learner = _learner(settings, log, store, shelf, metrics, published)
    figures = Figures(settings.learning.rewards, impressions=settings.learning.impressions)
    figures.add((0, item) for item in shelf.slice(0, len(shelf)))
    work = _Work(
        learner=learner,
        gatehouse=Gatehouse(store),
        outlook=Outlook(store, shelf),
        board=Board(figures, shelf),
        keeper=Keeper(store, every=settings.learning.snapshot_seconds),
    )
    state = State(
        settings=settings,
        log=log,
        shelf=shelf,
        memory=_memory(settings, log, shelf),
        steward=_steward(settings),
        feed=Feed(),
        learner=learner,
        rounds=Rounds(work, settings.learning.interval_seconds),
        board=work.board,
        metrics=metrics,
    )
    return state, work


def _published(store: ArtifactStore) -> Published | None:
    if store.current(PUBLISHED) is None:
        say(logging.WARNING, "no recommender is published", next="run `equipoise train`")
        return None
    return store.load(PUBLISHED, Published)


def _shelf(log: SQLiteLog, published: Published | None) -> Shelf:
    shelf = Shelf(_NO_WORDS if published is None else published.encoder)
    shelf.put(list(log.items()))
    trained = () if published is None else published.vocabulary
    if tuple(shelf.ids[: len(trained)]) != trained:
        raise ArtifactError(
            f"the published recommender was trained on another log than {log.path}; run `equipoise train`"
        )
    return shelf


def _memory(settings: Settings, log: SQLiteLog, shelf: Shelf) -> Memory:
    started = time.perf_counter()
    memory = Memory(items=settings.memory.items, visitors=settings.memory.visitors)
    recall(log, shelf.code, memory)
    say(logging.INFO, "recalled", visitors=len(memory), seconds=round(time.perf_counter() - started, 2))
    return memory


def _steward(settings: Settings) -> Steward:
    exploration, watch = settings.exploration, None
    if not exploration.guardrail.off:
        watch = Watch(
            Guard(exploration.guardrail),
            settings.learning.rewards,
            seconds=exploration.reward_seconds,
            seed=settings.slate.seed,
        )
    switch = Switch(settings.storage.switch, on=exploration.enabled)
    controller = Controller() if exploration.careful else None
    return Steward(exploration.budget(settings.memory.visitors), switch, watch, controller)


def _learner(
    settings: Settings,
    log: SQLiteLog,
    store: ArtifactStore,
    shelf: Shelf,
    metrics: Metrics,
    published: Published | None,
) -> Learner:
    arms = _arms(settings, published)
    version = "" if published is None else published.recommender.features_version
    snapshot = latest(store, version)
    join = FeedbackJoin(
        encode=shelf.code,
        rewards=settings.learning.rewards,
        impressions=settings.learning.impressions,
        find=_finder(log, version),
        last=0 if snapshot is None else snapshot.seq,
    )
    if snapshot is not None:
        arms = {name: snapshot.restore(arm) for name, arm in arms.items()}
    return Learner(arms, join, metrics, _pursuit(settings, arms, snapshot))


def _pursuit(settings: Settings, arms: Arms, snapshot: Snapshot | None) -> Pursuit:
    """Return what policies are after, with the price of the snapshot where the objective is the same."""
    reference = settings.objective.reference
    objective = settings.objective.objective(settings.learning.rewards)
    kept = None if snapshot is None else snapshot.lagrangian
    learn = {name for name, arm in arms.items() if arm.recommender.learns}
    return Pursuit(
        lagrangian=kept if kept is not None and kept.objective == objective else objective.start(),
        reference=reference or None,
        learning=frozenset(learn - {reference}),
    )


def _arms(settings: Settings, published: Published | None) -> Arms:
    if published is None:
        return {}
    served = replace(published.recommender, newcomers=settings.exploration.newcomers)
    return start_arms(served, settings.variants)


def _finder(log: SQLiteLog, features_version: str) -> Find:
    def find(recommendation_id: str) -> tuple[Decision, list[tuple[int, Event]]] | None:
        found = log.decision(recommendation_id)
        if found is None or found[1].features_version != features_version:
            return None
        return found[1], log.events_of(recommendation_id)

    return find


def _catch_up(log: SQLiteLog, work: _Work, steward: Steward) -> None:
    """Learn what the log holds beyond the snapshot, and count what it holds for dashboard and budget."""
    started, facts = time.perf_counter(), log.facts(after=_first_decision(log) - 1)
    replayed = 0
    while some := list(islice(facts, _REPLAYED_AT_ONCE)):
        work.catch_up(some)
        for _, fact in some:
            if isinstance(fact, Decision):
                steward.settle(fact)
        replayed += len(some)
    work([])
    say(logging.INFO, "caught up", facts=replayed, seconds=round(time.perf_counter() - started, 2))


def _first_decision(log: SQLiteLog) -> int:
    """Return the number of the first decision; one beyond the last fact where there is none."""
    for batch in log.scan("decisions"):
        return int(batch["seq"][0].as_py())
    return log.last() + 1


def trusted(settings: Settings) -> tuple[str, ...]:
    """Return the packages of the user's own policies that may be read back: those that the settings name."""
    names = [variant.policy for variant in settings.variants.values() if ":" in variant.policy]
    return (*settings.storage.trust, *(name.partition(":")[0].partition(".")[0] for name in names))
