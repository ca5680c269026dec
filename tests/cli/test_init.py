import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.errors import BadInputError
from equipoise.serving.settings import Settings, load_settings


def written(path: Path, *options: str) -> str:
    result = CliRunner().invoke(app, ["init", str(path), *options], catch_exceptions=False)
    assert result.exit_code == 0
    return path.read_text()


def leaves(tree: dict[str, object], prefix: str = "") -> set[str]:
    found = set()
    for name, value in tree.items():
        found |= leaves(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}"}
    return found


def test_what_it_writes_is_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "equipoise.toml"
    written(path)
    assert load_settings(path, {}) == Settings()


def test_it_names_every_setting_and_explains_it(tmp_path: Path) -> None:
    text = written(tmp_path / "equipoise.toml")
    assert leaves(tomllib.loads(text)) == leaves(msgspec.to_builtins(Settings()))
    bare = [line for line in text.splitlines() if re.match(r"\w+ = ", line)]
    assert text.count("#") >= len(bare) / 2


def test_it_replaces_nothing_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "equipoise.toml"
    path.write_text("mine")
    with pytest.raises(BadInputError, match="--force"):
        CliRunner().invoke(app, ["init", str(path)], catch_exceptions=False)
    assert path.read_text() == "mine"
    assert written(path, "--force") != "mine"


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be written"):
        CliRunner().invoke(app, ["init", str(tmp_path / "no" / "equipoise.toml")], catch_exceptions=False)
