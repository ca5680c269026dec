"""The commands of the guide to the gate do what it says, on the shop that its code makes."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from equipoise.cli import app

PAGE = Path(__file__).parent.parent / "docs" / "guide" / "gate.md"
_STEP = re.compile(
    r"^```python\n(?P<code>.*?)^```|^ {4}equipoise (?P<command>.*?)$", re.DOTALL | re.MULTILINE
)


def test_the_worked_example_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = PAGE.read_text().partition("## A worked example")[2].partition("## What it asks")[0]
    known: dict[str, object] = {}
    said = []
    for step in _STEP.finditer(example):
        if step["code"]:
            exec(compile(step["code"], str(PAGE), "exec"), known)
        else:
            done = CliRunner().invoke(app, shlex.split(step["command"]), catch_exceptions=False)
            assert done.exit_code == 0, done.stdout
            said.append(done.stdout)
    assert len(said) == 6
    records = [
        json.loads(line) for line in (tmp_path / "equipoise-data" / "gate.jsonl").read_text().splitlines()
    ]
    told = [(record["decision"], record["candidate"], record["present"]) for record in records]
    assert told == [
        ("published", "greedy", "balanced"),
        ("published", "learned", "greedy"),
        ("rolled back", "greedy", "learned"),
    ]
    assert records[0]["gain"]["value"] == pytest.approx(0.009, abs=0.006)
