"""The crowd in a process of its own, so that simulating shoppers costs the server nothing but requests."""

import asyncio
import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from threadpoolctl import threadpool_limits

from equipoise.demo.crowd import Plan, visit
from equipoise.demo.world import WORLD, World
from equipoise.store import ArtifactStore

Comes = Callable[[str, ArtifactStore, Plan, str], dict[str, Any]]
_SECONDS_TO_LEAVE = 10.0
_spawn = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class CrowdProcess:
    """A crowd of the world published in `store`; after `start`, `figures` waits for what came of it.

    `comes` is what the process does: it must be fit to be pickled.
    """

    store: ArtifactStore
    plan: Plan
    run: str
    comes: Comes = field(default_factory=lambda: _visitors)
    _process: SpawnProcess | None = field(default=None, init=False)
    _told: dict[str, Any] | None = field(default=None, init=False)
    _listener: threading.Thread | None = field(default=None, init=False)

    def start(self, address: str, *, left: Callable[[], None]) -> None:
        """Send the crowd to `address`; `left` is called, from a thread, once it has left."""
        receiver, sender = _spawn.Pipe(duplex=False)
        told = (sender, address, self.store, self.plan, self.run, self.comes)
        self._process = _spawn.Process(target=_work, args=told, daemon=True)
        self._process.start()
        sender.close()
        self._listener = threading.Thread(target=self._listen, args=(receiver, left), daemon=True)
        self._listener.start()

    def figures(self) -> dict[str, Any] | None:
        """Return what came of the crowd, None where it never came or broke down; ends it if need be."""
        if self._process is None or self._listener is None:
            return None
        self._listener.join(_SECONDS_TO_LEAVE)
        self._process.kill()
        self._process.join()
        return self._told

    def _listen(self, receiver: Connection, left: Callable[[], None]) -> None:
        try:
            self._told = receiver.recv()
        except EOFError:
            self._told = None
        left()


def _visitors(address: str, store: ArtifactStore, plan: Plan, run: str) -> dict[str, Any]:
    return asyncio.run(visit(address, store.load(WORLD, World), plan, run))


def _work(sender: Connection, address: str, store: ArtifactStore, plan: Plan, run: str, comes: Comes) -> None:
    threadpool_limits(1)
    try:
        sender.send(comes(address, store, plan, run))
    except KeyboardInterrupt:
        sender.close()
