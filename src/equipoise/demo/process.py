"""The crowd in a process of its own, so that simulating shoppers costs the server nothing but requests."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from equipoise.artifact import load_artifact
from equipoise.demo.crowd import Plan, visit
from equipoise.demo.world import World

_SECONDS_TO_LEAVE = 20.0


@dataclass(slots=True)
class Running:
    """A crowd at work; `figures` are there once it has left."""

    figures: dict[str, Any] | None = None


@contextmanager
def crowd(address: str, world: Path, plan: Plan, run: str) -> Iterator[Running]:
    """Send a crowd to `address` while inside; the world is loaded from its artifact."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, address, world, plan, run), daemon=True)
    process.start()
    sender.close()
    running = Running()
    try:
        yield running
    finally:
        if plan.seconds is None:
            process.terminate()
        running.figures = _received(receiver)
        process.join(_SECONDS_TO_LEAVE)
        process.kill()


def _received(receiver: Connection) -> dict[str, Any] | None:
    try:
        figures: dict[str, Any] = receiver.recv()
    except EOFError:
        return None
    return figures


def _work(sender: Connection, address: str, world: Path, plan: Plan, run: str) -> None:
    threadpool_limits(1)
    try:
        sender.send(asyncio.run(visit(address, load_artifact(World, world), plan, run)))
    except KeyboardInterrupt:
        sender.close()
