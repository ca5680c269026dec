"""From a live server's own log to a policy through the gate, where both read features."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.events.facts import Decision
from equipoise.events.sqlite import SQLiteLog
from equipoise.serving.server import Running, serve
from equipoise.serving.settings import Exploration, Learning, Server, Settings, Slate, Variant

SLATES = 1_000
LIKED = ("i2", "i4")
CONFIG = """
[storage]
folder = "data"
[slate]
keep_features = 1.0
[learning]
interval_seconds = 0.02
[exploration]
newcomers = 0.0
[variants.policy]
policy = "balanced_open"
share = 1.0
"""


@pytest.fixture
def shop(trained: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The shop with a log that judges others, which keeps the features of all candidates of all slates."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "equipoise.toml").write_text(CONFIG)
    return msgspec.structs.replace(
        trained,
        slate=Slate(keep_features=1.0),
        exploration=Exploration(newcomers=0.0),
        learning=Learning(interval_seconds=0.02),
        variants={"policy": Variant(policy="balanced_open", share=1.0)},
        server=Server(port=0),
    )


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--config", "equipoise.toml"])


async def _visited(settings: Settings, visit: Callable[[aiohttp.ClientSession, int], Any]) -> None:
    loop, running = asyncio.get_running_loop(), asyncio.Future[Running]()

    def ready(one: Running) -> None:
        loop.call_soon_threadsafe(running.set_result, one)

    thread = loop.run_in_executor(None, lambda: serve(settings, ready=ready))
    server = await running
    async with aiohttp.ClientSession(server.address) as session:
        for number in range(SLATES):
            await visit(session, number)
    server.stop()
    await thread


async def _shopper(session: aiohttp.ClientSession, number: int) -> None:
    """Ask for two items, and click on two of all more often than not: whoever learns agrees on these."""
    rng = np.random.default_rng(number)
    async with session.post("/v1/recommendations", json={"user_id": f"u{number % 12}", "k": 2}) as answer:
        told = await answer.json()
    for item in told["items"]:
        if rng.random() < (0.9 if item["item_id"] in LIKED else 0.05):
            click = {"user_id": f"u{number % 12}", "item_id": item["item_id"], "event_type": "click"}
            await session.post("/v1/events", json=click | {"recommendation_id": told["recommendation_id"]})


@pytest.mark.long
def test_balanced_is_judged_and_passes_by_a_live_servers_log(shop: Settings) -> None:
    asyncio.run(_visited(shop, _shopper))
    with SQLiteLog(shop.storage.log) as log:
        decisions = [fact for _, fact in log.facts() if isinstance(fact, Decision)]
    assert len(decisions) == SLATES
    for one in decisions:
        assert one.census is not None
        assert one.census.features.shape == (len(one.candidates), one.features.shape[1])
        for choice, features in zip(one.slate, one.features, strict=True):
            place = one.candidates.index(choice.item_id)
            np.testing.assert_array_equal(one.census.features[place], features)

    learned = run("learn", "--log", "data", "--policy", "balanced", "--share", "0.5", "--out", "learned")
    assert learned.exit_code == 0, learned.output
    # How much of the log speaks of a policy taught while shoppers come differs from run to run.
    few = ("--least-ess", "5", "--most-unlogged", "1")
    told = run(
        "ope", "--log", "data", "--target", "learned,balanced,greedy,logged", *few, "--json", "out.json"
    )
    assert told.exit_code == 0, told.output
    rows = {row["target"]: row for row in json.loads(Path("out.json").read_text())["estimates"]}
    assert set(rows) == {"learned", "balanced", "greedy", "logged"}
    assert all(row["value"] is not None for row in rows.values())

    serving = run("ope", "--log", "data", "--target", "serving")
    assert serving.exit_code != 0
    assert "learned from all that the log holds" in str(serving.exception)

    gate = run("gate", "learned", "--tolerance", "5", *few, "--json", "gate.json")
    assert gate.exit_code == 0, gate.output
    record = json.loads(Path("gate.json").read_text())
    assert (record["candidate"], record["present"], record["passes"]) == ("learned", "balanced_open", True)
    again = run("gate", "balanced", "--tolerance", "5", *few, "--json", "gate.json")
    record = json.loads(Path("gate.json").read_text())
    assert (record["candidate"], record["present"]) == ("balanced", "learned")
    assert record["gain"] is not None, again.output
    assert run("rollback").exit_code == 0
