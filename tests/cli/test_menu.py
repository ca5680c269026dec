import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from equipoise import cli
from equipoise.cli import app
from equipoise.cli.menu import SUMMARIES, loaded

APART = {
    "__init__",
    "beside",
    "console",
    "entries",
    "held_out",
    "menu",
    "partial",
    "plot",
    "processes",
    "rl_train",
    "standings_table",
    "terminal",
}
"""Files beside the commands that are none."""


@pytest.mark.parametrize("name", SUMMARIES)
def test_the_menu_says_what_the_command_says_of_itself(name: str) -> None:
    assert loaded(name).help.split("\n\n")[0].replace("\n", " ") == SUMMARIES[name]


def test_every_command_is_on_the_menu() -> None:
    files = {path.stem for path in Path(cli.__file__).parent.glob("*.py")}
    assert files - APART == set(SUMMARIES)


def test_help_lists_every_command() -> None:
    text = CliRunner().invoke(app, ["--help"]).output
    assert all(name in text for name in SUMMARIES)


def test_help_of_a_command_shows_its_own_options() -> None:
    text = CliRunner().invoke(app, ["export", "--help"]).output
    assert "--to" in text
    assert "equipoise export" in text


def test_a_command_nobody_knows_is_refused_with_the_nearest() -> None:
    result = CliRunner().invoke(app, ["serv"])
    assert result.exit_code == 2
    assert "serve" in result.output


def test_help_imports_no_models_and_no_server() -> None:
    asked = "import sys; from equipoise.cli import app; app(['--help'], standalone_mode=False)"
    found = f"{asked}; print(sorted(m for m in ('numpy', 'torch', 'equipoise.serving') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
