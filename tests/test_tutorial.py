"""The commands of the tutorial on models run as they are written there, on the table that its code makes."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from equipoise.cli import app

PAGE = Path(__file__).parent.parent / "docs" / "tutorial" / "models.md"
_STEP = re.compile(
    r"^```python\n(?P<code>.*?)^```|^ {4}equipoise (?P<command>.*?)$", re.DOTALL | re.MULTILINE
)


def test_every_step_of_the_tutorial_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("optuna", reason="tuning needs the extra: pip install 'equipoise[tune]'")
    monkeypatch.chdir(tmp_path)
    commands = 0
    for step in _STEP.finditer(PAGE.read_text()):
        if step["code"]:
            exec(compile(step["code"], str(PAGE), "exec"), {})
        else:
            done = CliRunner().invoke(app, shlex.split(step["command"]), catch_exceptions=False)
            assert done.exit_code == 0, done.stdout
            commands += 1
    assert commands == 5
    found = json.loads((tmp_path / "table.json").read_text())
    assert len(found["models"]) == 9
    assert (tmp_path / "table.png").exists()
