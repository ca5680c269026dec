import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.errors import BadInputError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_report_is_shown(folder: Path) -> None:
    runner = CliRunner()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("event_type,timestamp,user_id,item_id\nview,5,u,i\nstare,5,u,i\n")
        assert runner.invoke(app, ["ingest", name]).exit_code == 0
    shown = runner.invoke(app, ["quality", "--json", "out.json"])
    assert shown.exit_code == 0
    assert [report["source"] for report in json.loads((folder / "out.json").read_text())["reports"]] == [
        "a.csv",
        "b.csv",
    ]


def test_without_reports_it_says_how_to_make_one() -> None:
    result = CliRunner().invoke(app, ["quality"])
    assert isinstance(result.exception, BadInputError)
    assert "equipoise ingest FILE" in str(result.exception)
