import json
from pathlib import Path

import pytest

from equipoise import cli
from equipoise.events.sqlite import SQLiteLog


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["equipoise", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_is_ingested_and_reported(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "x.csv").write_text("event_type,timestamp,Customer,item_id\nview,5,u,i\nstare,5,u,i\n")
    assert run(monkeypatch, "ingest", "x.csv", "--map", "user_id=Customer", "--json", "out.json") == 0
    report = json.loads((folder / "out.json").read_text())
    assert (report["read"], report["kept"]) == (2, 1)
    assert Path(report["where"]).exists()
    with SQLiteLog(folder / "equipoise-data" / "log.db") as log:
        assert log.counts() == {"events": 1, "items": 1, "decisions": 0}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["absent.csv"], "no such file"),
        (["x.csv", "--map", "user_id"], "OUR_FIELD=THEIR_COLUMN"),
        (["x.csv", "--format", "excel"], "excel is unknown"),
        (["x.csv", "--format", "otto", "--map", "user_id=u"], "leave it out"),
    ],
)
def test_bad_input_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert run(monkeypatch, "ingest", *arguments) == 2
    complaint = capsys.readouterr().err.strip()
    assert says in complaint
    assert "Traceback" not in complaint
    assert "\n" not in complaint
