"""Nothing lost: the server is killed while it answers, and starts again with all it ever acknowledged.

A real server in a process of its own, ended by SIGKILL at a random moment under load.
"""

import asyncio
import contextlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from equipoise.events.facts import Decision, Event
from equipoise.events.sqlite import SQLiteLog
from equipoise.serving.settings import Settings

CLIENTS = 8


class Server:
    """`equipoise serve` on a free port, over the folder of a trained shop."""

    def __init__(self, settings: Settings) -> None:
        environment = {**os.environ, "EQUIPOISE_STORAGE_FOLDER": settings.storage.folder}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "equipoise", "serve", "--port", "0"],
            env=environment,
            cwd=settings.storage.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().split()[2]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


class Acknowledged:
    """What the server said it has."""

    def __init__(self) -> None:
        self.events: set[str] = set()
        self.decisions: dict[str, list[tuple[str, float]]] = {}
        self.sent = 0

    def fresh(self) -> str:
        self.sent += 1
        return f"event-{self.sent}"


async def tell(session: aiohttp.ClientSession, known: Acknowledged) -> None:
    ids = [known.fresh() for _ in range(random.randint(1, 5))]
    events = [
        {"event_id": name, "user_id": "u1", "item_id": "i1", "event_type": "click", "properties": {"n": name}}
        for name in ids
    ]
    async with session.post("/v1/events", json=events) as answer:
        if answer.status == 200 and (await answer.json())["accepted"] == len(ids):
            known.events |= set(ids)


async def ask(session: aiohttp.ClientSession, known: Acknowledged) -> None:
    async with session.post("/v1/recommendations", json={"user_id": "u2", "k": 4}) as answer:
        if answer.status == 200:
            told = await answer.json()
            shown = [(choice["item_id"], choice["propensity"]) for choice in told["items"]]
            known.decisions[told["recommendation_id"]] = shown


async def load(server: Server, known: Acknowledged, seconds: float) -> None:
    """Keep the server busy, kill it after `seconds`, and let every client run into the wreck."""

    async def client(call: int) -> None:
        with contextlib.suppress(aiohttp.ClientError, ConnectionError, asyncio.IncompleteReadError):
            while True:
                await (tell if call % 2 else ask)(session, known)

    async with aiohttp.ClientSession(server.address) as session:
        clients = [asyncio.create_task(client(number)) for number in range(CLIENTS)]
        await asyncio.sleep(seconds)
        server.kill()
        await asyncio.wait_for(asyncio.gather(*clients), 20)


def held(settings: Settings) -> tuple[Counter[str], dict[str, list[tuple[str, float]]], Counter[str]]:
    """Return what the log holds: events by id, slates by id, and how often each of both."""
    events: Counter[str] = Counter()
    decisions: dict[str, list[tuple[str, float]]] = {}
    times: Counter[str] = Counter()
    with SQLiteLog(settings.storage.log) as log:
        for _, fact in log.facts():
            match fact:
                case Event():
                    events[fact.event_id] += 1
                case Decision():
                    times[fact.recommendation_id] += 1
                    shown = [(choice.item_id, choice.propensity) for choice in fact.slate]
                    decisions[fact.recommendation_id] = shown
    return events, decisions, times


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.long)])
def test_a_killed_server_loses_nothing_it_acknowledged(trained: Settings, kills: int) -> None:
    known = Acknowledged()
    for _ in range(kills):
        asyncio.run(load(Server(trained), known, random.uniform(0.1, 0.8)))
    assert len(known.events) > 10 * kills
    assert len(known.decisions) > kills
    events, decisions, times = held(trained)
    assert {name: events[name] for name in known.events} == dict.fromkeys(known.events, 1)
    assert {name: decisions.get(name) for name in known.decisions} == known.decisions
    assert set(times.values()) == {1}


def test_a_kill_leaves_no_process_behind(trained: Settings) -> None:
    server = Server(trained)
    children = Path(f"/proc/{server._process.pid}/task/{server._process.pid}/children")
    assert children.read_text().split() == []
    server.kill()
    time.sleep(0.2)
    with pytest.raises(ConnectionError):
        asyncio.run(asyncio.open_connection("127.0.0.1", int(server.address.rpartition(":")[2])))
