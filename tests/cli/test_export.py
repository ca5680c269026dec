import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.errors import BadInputError
from equipoise.events.facts import Event
from equipoise.events.sqlite import SQLiteLog


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_exports_beside_an_open_log(folder: Path) -> None:
    with SQLiteLog(folder / "equipoise-data" / "log.db") as log:
        log.append([Event(event_id="e", event_type="view", timestamp=5, user_id="u", item_id="i")])
        result = CliRunner().invoke(app, ["export", "--to", "out", "--json", "out.json"])
    assert result.exit_code == 0
    assert json.loads((folder / "out.json").read_text())["rows"] == {"events": 1, "items": 0, "decisions": 0}
    assert len(list((folder / "out" / "events" / "date=1970-01-01").iterdir())) == 1


def test_without_a_log_it_makes_none(folder: Path) -> None:
    result = CliRunner().invoke(app, ["export", "--to", "out"])
    assert isinstance(result.exception, BadInputError)
    assert not (folder / "equipoise-data").exists()
