"""Latency of recommendations while events arrive, at fixed rates, over HTTP on one machine.

    python benchmarks/serving.py                       # a synthetic shop of 4,000 items
    python benchmarks/serving.py --folder DATA         # a trained one, copied first

Load is open-loop: calls start on a clock, whether or not earlier ones have been answered, and latency
counts from the moment a call was due. So a server that stalls is charged for everyone who had to wait.
"""

import argparse
import asyncio
import gc
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import numpy as np

from equipoise.data.content import TextEncoder, text_of
from equipoise.data.interactions import Interactions
from equipoise.events.facts import Event, Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.models import EASE, ItemKNN, Learner, Popularity
from equipoise.policies.uniform import Uniform
from equipoise.random import derive
from equipoise.recommenders.published import Published
from equipoise.recommenders.recipes.shop import shop
from equipoise.store import ArtifactStore

N_ITEMS, N_USERS, N_ORDERS = 4_000, 4_300, 400_000
START = 1_290_000_000_000_000
WORDS = ("red", "blue", "white", "vintage", "heart", "mug", "bag", "lantern", "tin", "box", "glass", "paper")


def build(folder: Path) -> None:
    """Write a shop the size of a year of Online Retail: its log and a recommender fitted on it."""
    rng = derive(7, "benchmark")
    popularity = 1 / np.arange(1, N_ITEMS + 1) ** 0.8
    users = np.sort(rng.integers(N_USERS, size=N_ORDERS))
    items = rng.choice(N_ITEMS, size=N_ORDERS, p=popularity / popularity.sum())
    times = START + np.arange(N_ORDERS) * 70_000_000
    catalogue = [_item(code, rng) for code in range(N_ITEMS)]
    with SQLiteLog(folder / "log.db") as log:
        log.append(catalogue)
        for start in range(0, N_ORDERS, 10_000):
            rows = range(start, min(start + 10_000, N_ORDERS))
            log.append([_order(row, users[row], items[row], times[row]) for row in rows])
    ones = np.ones(N_ORDERS)
    orders = Interactions(
        users=users, items=items, times=times, weights=ones, values=ones, n_users=N_USERS, n_items=N_ITEMS
    )
    ArtifactStore(folder=folder / "artifacts").publish(_published(orders, catalogue), "shop")


def _item(code: int, rng: np.random.Generator) -> Item:
    title = " ".join(rng.choice(WORDS, size=4))
    return Item(
        item_id=f"i{code}",
        timestamp=START,
        title=title,
        price=float(rng.uniform(1, 20)),
        currency="GBP",
    )


def _order(row: int, user: int, item: int, time_: int) -> Event:
    return Event(
        event_id=f"e{row}",
        event_type="purchase",
        timestamp=int(time_),
        user_id=f"u{user}",
        item_id=f"i{item}",
        value=5.0,
    )


def _published(orders: Interactions, catalogue: list[Item]) -> Published:
    learners: dict[str, Learner] = {"popularity": Popularity(), "item_knn": ItemKNN(), "ease": EASE()}
    scorers = {name: learner.fit(orders, rng=derive(7, name)) for name, learner in learners.items()}
    recommender = shop(scorers, dict.fromkeys(scorers, 1.0), orders, Uniform().start(1))
    return Published(
        recommender=recommender,
        vocabulary=tuple(item.item_id for item in catalogue),
        encoder=TextEncoder.fit([text_of(item.title, item.brand, item.categories) for item in catalogue]),
        trained_until=recommender.trained_until,
        currency="GBP",
    )


@dataclass(slots=True)
class Tally:
    """What became of the calls of one kind: seconds from due to answered, and failures."""

    name: str
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float | int | str]:
        """Return counts and percentiles, in milliseconds."""
        p50, p95, p99, worst = (
            np.percentile(np.array(self.seconds) * 1e3, [50, 95, 99, 100]).round(2).tolist()
        )
        return {
            "calls": self.name,
            "answered": len(self.seconds),
            "errors": len(self.errors),
            "p50_ms": p50,
            "p95_ms": p95,
            "p99_ms": p99,
            "max_ms": worst,
        }


async def clocked(
    rate: float, seconds: float, call: Callable[[], Awaitable[str | None]], tally: Tally
) -> None:
    """Start `call` `rate` times a second; it returns what went wrong, None if nothing did."""
    started, running = time.perf_counter(), set()

    async def one(due: float) -> None:
        wrong = await call()
        if wrong is None:
            tally.seconds.append(time.perf_counter() - due)
        else:
            tally.errors.append(wrong)

    for number in range(int(rate * seconds)):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(one(due))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)


class Shoppers:
    """Random users of a shop, who ask for slates and click on what they are shown."""

    def __init__(self, session: aiohttp.ClientSession, items: list[str], *, k: int) -> None:
        self._session, self._items, self._k = session, items, k
        self._chance = random.Random(7)
        self._shown: list[tuple[str, str, str]] = [("u0", items[0], "")]

    async def ask(self) -> str | None:
        """Ask for a slate."""
        user = f"u{self._chance.randrange(N_USERS)}"
        async with self._session.post("/v1/recommendations", json={"user_id": user, "k": self._k}) as answer:
            told = await answer.json()
            if answer.status != 200:
                return str(told)
        self._shown = [
            *self._shown[-200:],
            *((user, choice["item_id"], told["recommendation_id"]) for choice in told["items"][:2]),
        ]
        return None

    async def tell(self) -> str | None:
        """Tell of a click, mostly on something that was shown."""
        user, item, recommendation = self._chance.choice(self._shown)
        event = {"user_id": user, "item_id": item, "event_type": "click"}
        about = {"recommendation_id": recommendation} if recommendation else {}
        async with self._session.post("/v1/events", json=event | about) as answer:
            return None if answer.status == 200 else str(await answer.json())


async def load(address: str, wanted: argparse.Namespace) -> list[dict[str, float | int | str]]:
    """Return the figures of both kinds of calls."""
    slates, events = Tally("recommendations"), Tally("events")
    async with aiohttp.ClientSession(address, connector=aiohttp.TCPConnector(limit=64)) as session:
        async with session.get("/v1/items?limit=1000") as answer:
            items = [item["item_id"] for item in (await answer.json())["items"]]
        shoppers = Shoppers(session, items, k=wanted.k)
        for _ in range(20):
            await shoppers.ask()
        await asyncio.gather(
            clocked(wanted.slates, wanted.seconds, shoppers.ask, slates),
            clocked(wanted.events, wanted.seconds, shoppers.tell, events),
        )
    return [slates.figures(), events.figures()]


def main() -> None:
    """Build or copy a shop, serve it in a process of its own, load it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, help="a trained data folder; default: a synthetic one")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--slates", type=float, default=100.0, help="a second")
    parser.add_argument("--events", type=float, default=200.0, help="a second")
    parser.add_argument("--k", type=int, default=12)
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        if wanted.folder is None:
            folder.mkdir()
            build(folder)
        else:
            shutil.copytree(wanted.folder, folder)
        figures = _served(folder, wanted)
    for row in figures:
        print("  ".join(f"{name}={value}" for name, value in row.items()))
    if wanted.json is not None:
        wanted.json.write_text(json.dumps(figures, indent=2))


def _served(folder: Path, wanted: argparse.Namespace) -> list[dict[str, float | int | str]]:
    environment = {**os.environ, "EQUIPOISE_STORAGE_FOLDER": str(folder)}
    server = subprocess.Popen(
        [sys.executable, "-m", "equipoise", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = server.stdout.readline().split()[2]
        gc.collect()
        gc.freeze()  # what the caller built is not the server's to wait for
        return asyncio.run(load(address, wanted))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
