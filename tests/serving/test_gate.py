"""A policy that passes the gate is served by a running server without a request being missed."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import msgspec
import numpy as np
import pytest

from equipoise.policies import Greedy, SoftmaxLinearPolicy, Uniform
from equipoise.recommenders.gated import GATED, Gated, Passed
from equipoise.serving.opening import opened
from equipoise.serving.server import Running, serve
from equipoise.serving.settings import Server, Settings
from equipoise.serving.snapshots import NAME, Snapshot
from equipoise.serving.state import State
from equipoise.store import ArtifactStore

LEARNED = SoftmaxLinearPolicy(weights=np.array([1.0, 0.5]), items=np.ones((5, 1)))


def publish(settings: Settings, name: str | None, policy: Any = None) -> None:
    """Let `policy` serve the variant `policy`, or its own again where `name` is None."""
    passed = None if name is None else Passed(name=name, policy=policy, passage=f"{name}-{time.time_ns()}")
    store = ArtifactStore(folder=settings.storage.artifacts)
    store.publish(Gated().serving("policy", passed), GATED)


def ask(client: Any, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/recommendations", json={"user_id": "u1", "k": 3, **more})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def until(state: State, policy: str) -> None:
    deadline = time.monotonic() + 10
    while state.arms["policy"].policy != policy and time.monotonic() < deadline:
        time.sleep(0.01)
    assert state.arms["policy"].policy == policy


def test_what_passed_is_served_and_taken_back(client: Any, state: State, trained: Settings) -> None:
    first = ask(client)
    publish(trained, "learned", LEARNED)
    until(state, "learned")
    second = ask(client)
    assert (first["policy"], second["policy"]) == ("lin_boltzmann", "learned")
    assert second["policy_version"] > first["policy_version"]
    assert ask(client, context={"variant": "greedy"})["policy"] == "lin_greedy"
    publish(trained, None)
    until(state, "lin_boltzmann")
    assert ask(client)["policy_version"] > second["policy_version"]


def test_the_policy_of_the_settings_learns_on_beneath(client: Any, state: State, trained: Settings) -> None:
    publish(trained, "learned", LEARNED)
    until(state, "learned")
    version = state.learner.own["policy"].version
    told = ask(client)
    click = {"user_id": "u1", "item_id": told["items"][0]["item_id"], "event_type": "click"}
    client.post("/v1/events", json=click | {"recommendation_id": told["recommendation_id"]})
    deadline = time.monotonic() + 10
    while state.learner.own["policy"].version == version and time.monotonic() < deadline:
        time.sleep(0.01)
    assert state.learner.own["policy"].version > version
    assert state.arms["policy"].recommender.policy is not state.learner.own["policy"].recommender.policy
    assert ask(client)["policy_version"] == told["policy_version"]


def test_a_restart_goes_on_with_what_passed(trained: Settings, client_of: Callable[..., Any]) -> None:
    publish(trained, "greedy", Greedy().start(1))
    with opened(trained) as state:
        told = ask(client_of(state))
        assert told["policy"] == "greedy"
    publish(trained, "uniform", Uniform().start(1))
    with opened(trained) as state:
        again = ask(client_of(state))
        assert again["policy"] == "uniform"
        assert again["policy_version"] > told["policy_version"]
    store = ArtifactStore(folder=trained.storage.artifacts)
    assert store.load(NAME, Snapshot).arms["policy"].policy == "lin_boltzmann"


def test_what_cannot_be_read_changes_nothing(
    client: Any, state: State, trained: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    publish(trained, "learned", LEARNED)
    until(state, "learned")
    home = trained.storage.artifacts / GATED
    (home / "000002").mkdir()
    (home / "000002" / "manifest.json").write_text("junk")
    (home / "current").write_text("000002\n")
    time.sleep(0.2)
    assert ask(client)["policy"] == "learned"
    told = [record for record in caplog.records if "cannot be read" in record.getMessage()]
    assert len(told) == 1
    publish(trained, "greedy", Greedy().start(1))
    until(state, "greedy")


def test_a_server_under_load_swaps_without_missing_a_request(trained: Settings) -> None:
    """Eight clients ask without a pause while policies come and go; every answer is a whole slate."""
    answers = asyncio.run(_under_load(trained))
    policies = [policy for _, policy, _ in answers]
    assert {status for status, _, _ in answers} == {200}
    order = list(dict.fromkeys(policies))
    assert order == ["lin_boltzmann", "learned", "greedy"]
    assert policies[-1] == "lin_boltzmann"  # rolled back
    by_version: dict[int, str] = {}
    for _, policy, version in answers:
        assert by_version.setdefault(version, policy) == policy  # no version is two policies


async def _under_load(settings: Settings) -> list[tuple[int, str, int]]:
    answers: list[tuple[int, str, int]] = []
    loop, running, busy = asyncio.get_running_loop(), asyncio.Future[Running](), True
    own = msgspec.structs.replace(settings, server=Server(port=0))

    def ready(one: Running) -> None:
        loop.call_soon_threadsafe(running.set_result, one)

    thread = loop.run_in_executor(None, lambda: serve(own, ready=ready))
    server = await running

    async def client(number: int, session: aiohttp.ClientSession) -> None:
        while busy:
            asked = {"user_id": f"u{number}", "k": 4}
            async with session.post("/v1/recommendations", json=asked) as answer:
                told = await answer.json()
                whole = answer.status if len(told.get("items", ())) == 4 else -answer.status
                answers.append((whole, told.get("policy", ""), told.get("policy_version", 0)))

    async def seen(policy: str, before: int) -> None:
        while not any(one[1] == policy for one in answers[before:]):
            await asyncio.sleep(0.01)

    async with aiohttp.ClientSession(server.address) as session:
        clients = [asyncio.create_task(client(number, session)) for number in range(8)]
        await asyncio.wait_for(seen("lin_boltzmann", 0), 20)
        for name, policy in (("learned", LEARNED), ("greedy", Greedy().start(1)), (None, None)):
            before = len(answers)
            await loop.run_in_executor(None, publish, settings, name, policy)
            await asyncio.wait_for(seen(name or "lin_boltzmann", before + 8), 20)
        await asyncio.sleep(0.2)
        busy = False
        await asyncio.gather(*clients)
    server.stop()
    await thread
    return answers
