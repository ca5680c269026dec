"""A folder in which a small shop's orders are logged and a recommender is trained, by the commands."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from equipoise.cli import app
from equipoise.events.facts import Event, Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.random import derive

DAY = 86_400_000_000
START = 1_700_000_000_000_000


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run a command line in this process; errors come through as they are raised."""
    return lambda *command: CliRunner().invoke(app, list(command), catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with no settings file."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def trained(folder: Path, run: Run) -> Path:
    rng = derive(7, "shop")
    items = [
        Item(item_id=f"i{code}", timestamp=START, title=f"Mug number {code}", price=2.0) for code in range(30)
    ]
    events = [
        Event(
            event_id=f"e{user}-{place}",
            event_type="purchase",
            timestamp=START + place * 5 * DAY + user,
            user_id=f"u{user}",
            item_id=f"i{int(item)}",
            value=2.0,
        )
        for user in range(40)
        for place, item in enumerate(rng.permutation(np.arange(user % 2, 30, 2))[:12])
    ]
    (folder / "equipoise-data").mkdir()
    with SQLiteLog(folder / "equipoise-data" / "log.db") as log:
        log.append([*items, *events])
    assert run("train", "--models", "popularity,item_knn,ease").exit_code == 0
    return folder
