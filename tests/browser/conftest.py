"""A real browser before a real server, in a process of its own, with a small trained shop."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, ViewportSize, sync_playwright

from equipoise.data.content import TextEncoder, text_of
from equipoise.data.interactions import Interactions
from equipoise.events.facts import Event, Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.models import EASE, ItemKNN
from equipoise.models.learner import Learner
from equipoise.policies.uniform import Uniform
from equipoise.random import derive
from equipoise.recommenders import Recommender
from equipoise.recommenders.published import Published
from equipoise.recommenders.recipes.shop import shop
from equipoise.serving.opening import PUBLISHED
from equipoise.serving.settings import Storage
from equipoise.store import ArtifactStore

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
START = 1_700_000_000_000_000
N_USERS, N_ORDERS = 40, 8
EVIL = "<script>window.owned = true</script><img src=x onerror='window.owned = true'>"
TITLES = (
    "WHITE HANGING HEART T-LIGHT HOLDER", "REGENCY CAKESTAND 3 TIER", "JUMBO BAG RED RETROSPOT",
    "PARTY BUNTING", "LUNCH BAG SPACEBOY DESIGN", "ASSORTED COLOUR BIRD ORNAMENT",
    "SET OF 3 CAKE TINS PANTRY DESIGN",
    "ALARM CLOCK BAKELIKE RED", "NATURAL SLATE HEART CHALKBOARD", "HOT WATER BOTTLE KEEP CALM",
    "ROSES REGENCY TEACUP AND SAUCER", "RABBIT NIGHT LIGHT", "WOODEN PICTURE FRAME WHITE FINISH",
    "RED TOADSTOOL LED NIGHT LIGHT", "PAPER CHAIN KIT 50'S CHRISTMAS", "JAM MAKING SET WITH JARS",
    "DOORMAT KEEP CALM AND COME IN", "SET OF 4 PANTRY JELLY MOULDS", "HEART OF WICKER SMALL",
    "GIN + TONIC DIET METAL SIGN", "BOX OF VINTAGE ALPHABET BLOCKS", "IVORY KITCHEN SCALES",
    "6 RIBBONS RUSTIC CHARM", "VICTORIAN GLASS HANGING T-LIGHT", EVIL,
)  # fmt: skip
CONFIG = """
[storage]
folder = "{folder}"
[learning]
interval_seconds = 0.05
[variants.policy]
policy = "lin_boltzmann"
share = 1.0
[variants.greedy]
policy = "lin_greedy"
[variants.random]
policy = "uniform"
"""


def items() -> list[Item]:
    return [
        Item(item_id=f"p{code}", timestamp=START, title=title, price=1.25 + code, currency="GBP")
        for code, title in enumerate(TITLES)
    ]


def orders() -> list[Event]:
    """Users of even and of odd number buy from two halves of the shop."""
    half = len(TITLES) // 2
    bought = (
        derive(7, "orders").integers(half, size=(N_USERS, N_ORDERS)) * 2 + np.arange(N_USERS)[:, None] % 2
    )
    return [
        Event(
            event_id=f"e{user}-{place}",
            event_type="purchase",
            timestamp=START + (place + 1) * 1_000_000,
            user_id=f"u{user}",
            item_id=f"p{item}",
        )
        for user, row in enumerate(bought.tolist())
        for place, item in enumerate(row)
    ]


def interactions() -> Interactions:
    events = orders()
    ones = np.ones(len(events))
    return Interactions(
        users=np.array([int(str(event.user_id)[1:]) for event in events]),
        items=np.array([int(str(event.item_id)[1:]) for event in events]),
        times=np.array([event.timestamp for event in events]),
        weights=ones,
        values=ones,
        n_users=N_USERS,
        n_items=len(TITLES),
    )


def recommender() -> Recommender:
    data = interactions()
    learners: dict[str, Learner] = {"ease": EASE(reg=10.0), "item_knn": ItemKNN()}
    scorers = {name: learner.fit(data, rng=derive(7, name)) for name, learner in learners.items()}
    wired = shop(scorers, {"ease": 1.0, "item_knn": 1.0}, data, Uniform().start(1))
    return replace(wired, hide_recent=3)


def publish(folder: Path) -> None:
    """Leave in `folder` what training leaves: a log of orders and a recommender fitted on them."""
    storage = Storage(folder=str(folder))
    with SQLiteLog(storage.log) as log:
        log.append([*items(), *orders()])
    fitted = recommender()
    published = Published(
        recommender=fitted,
        vocabulary=tuple(item.item_id for item in items()),
        encoder=TextEncoder.fit([text_of(item.title, item.brand, item.categories) for item in items()]),
        trained_until=fitted.trained_until,
        currency="GBP",
    )
    ArtifactStore(folder=storage.artifacts).publish(published, PUBLISHED)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the small shop."""
    folder = tmp_path_factory.mktemp("shop")
    publish(folder / "data")
    config = folder / "equipoise.toml"
    config.write_text(CONFIG.format(folder=folder / "data"))
    command = [sys.executable, "-m", "equipoise", "serve", "--config", str(config), "--port", "0"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        yield said.split()[2]
        server.terminate()


# Playwright keeps an event loop running in this thread while it is open, and then nothing else can run one:
# a browser lives no longer than the module that uses it.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed; tests/setup.sh installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--no-first-run"])
        yield browser
        browser.close()


WIDE, NARROW = (1440, 900), (390, 844)


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A fresh visitor with a wide screen."""
    with visitor(chromium, address, WIDE) as page:
        yield page


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def any_page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    """A fresh visitor, once with a wide and once with a narrow screen."""
    with visitor(chromium, address, request.param) as page:
        yield page


@contextmanager
def visitor(chromium: Browser, address: str, size: tuple[int, int]) -> Iterator[Page]:
    """A page that fails the test if it logs an error, misses a file or reaches for another host."""
    viewport = ViewportSize(width=size[0], height=size[1])
    context = chromium.new_context(viewport=viewport, base_url=address, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if is_fault(said) else None)
    page.on("request", lambda sent: None if sent.url.startswith(address) else problems.append(sent.url))
    page.on("response", lambda got: problems.append(got.url) if is_missing_file(got) else None)
    yield page
    context.close()
    assert problems == []


def is_fault(said: ConsoleMessage) -> bool:
    # Refused calls are logged by the browser itself; the tests of refusals provoke them.
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def is_missing_file(got: Response) -> bool:
    return got.status >= 400 and "/static/" in got.url
