"""A small real shop on disk: a log of orders, models fitted on them, published as training does."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from equipoise.data.content import TextEncoder, text_of
from equipoise.data.interactions import Interactions
from equipoise.events.facts import Event, Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.models import EASE, ItemKNN, Learner
from equipoise.policies.uniform import Uniform
from equipoise.random import derive
from equipoise.recommenders.published import Published
from equipoise.recommenders.recipes.shop import shop
from equipoise.serving.app import App
from equipoise.serving.opening import PUBLISHED, opened
from equipoise.serving.settings import Learning, Settings, Storage, Variant
from equipoise.serving.state import State
from equipoise.store import ArtifactStore

N_ITEMS, N_USERS, N_ORDERS = 40, 60, 10
START = 1_700_000_000_000_000
TITLES = ("Blue mug", "Red mug", "Green bowl", "Wooden spoon")
VARIANTS = {
    "policy": Variant(policy="lin_boltzmann", share=1.0),
    "greedy": Variant(policy="lin_greedy"),
    "random": Variant(policy="uniform"),
}


def items() -> list[Item]:
    return [
        Item(
            item_id=f"i{code}",
            timestamp=START,
            title=f"{TITLES[code % 4]} {code}",
            price=1.0 + code,
            currency="GBP",
        )
        for code in range(N_ITEMS)
    ]


def orders() -> list[Event]:
    rng = derive(7, "orders")
    bought = rng.integers(N_ITEMS // 2, size=(N_USERS, N_ORDERS)) * 2 + np.arange(N_USERS)[:, None] % 2
    return [
        Event(
            event_id=f"e{user}-{place}",
            event_type="purchase",
            timestamp=START + (place + 1) * 1_000_000,
            user_id=f"u{user}",
            item_id=f"i{item}",
            value=1.0 + item,
        )
        for user, row in enumerate(bought.tolist())
        for place, item in enumerate(row)
    ]


def published() -> Published:
    events = orders()
    ones = np.ones(len(events))
    data = Interactions(
        users=np.array([int(str(event.user_id)[1:]) for event in events]),
        items=np.array([int(str(event.item_id)[1:]) for event in events]),
        times=np.array([event.timestamp for event in events]),
        weights=ones,
        values=ones,
        n_users=N_USERS,
        n_items=N_ITEMS,
    )
    learners: dict[str, Learner] = {"ease": EASE(reg=10.0), "item_knn": ItemKNN()}
    scorers = {name: learner.fit(data, rng=derive(7, name)) for name, learner in learners.items()}
    wired = shop(scorers, {"ease": 1.0, "item_knn": 1.0}, data, Uniform().start(1))
    recommender = replace(wired, hide_recent=3)
    return Published(
        recommender=recommender,
        vocabulary=tuple(item.item_id for item in items()),
        encoder=TextEncoder.fit([text_of(item.title, item.brand, item.categories) for item in items()]),
        trained_until=recommender.trained_until,
        currency="GBP",
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        storage=Storage(folder=str(tmp_path / "data")),
        variants=VARIANTS,
        learning=Learning(interval_seconds=0.02),
    )


@pytest.fixture
def trained(settings: Settings) -> Settings:
    """Settings of a folder that holds a log of orders and a recommender trained on it."""
    with SQLiteLog(settings.storage.log) as log:
        log.append([*items(), *orders()])
    ArtifactStore(folder=settings.storage.artifacts).publish(published(), PUBLISHED)
    return settings


@pytest.fixture
def state(trained: Settings) -> Iterator[State]:
    with opened(trained) as state:
        yield state


class Client:
    """Calls the application in this process, one request at a time."""

    def __init__(self, state: State, base_url: str = "http://127.0.0.1") -> None:
        self._app, self._base_url = App(state), base_url

    def request(self, method: str, url: str, **how: Any) -> httpx.Response:
        return asyncio.run(self._request(method, url, **how))

    def get(self, url: str, **how: Any) -> httpx.Response:
        return self.request("GET", url, **how)

    def post(self, url: str, **how: Any) -> httpx.Response:
        return self.request("POST", url, **how)

    def put(self, url: str, **how: Any) -> httpx.Response:
        return self.request("PUT", url, **how)

    async def _request(self, method: str, url: str, **how: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url=self._base_url) as client:
            return await client.request(method, url, **how)


@pytest.fixture
def client(state: State) -> Client:
    return Client(state)


@pytest.fixture
def client_of() -> Callable[..., Client]:
    return Client
