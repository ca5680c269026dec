"""What commands share: progress bars, JSON output, the settings option."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from equipoise.cli.terminal import console, errors
from equipoise.errors import BadInputError
from equipoise.progress import watched_by
from equipoise.serving.settings import Settings, load_settings

__all__ = [
    "DEFAULT_FILE",
    "ConfigOption",
    "JsonOption",
    "console",
    "errors",
    "progress_shown",
    "settings_from",
    "write_json",
]

DEFAULT_FILE = Path("equipoise.toml")

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file; default: equipoise.toml if there is one.")
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Also write the result to this JSON file.")]


def settings_from(path: Path | None) -> Settings:
    """Read the settings of `path`, of ./equipoise.toml if there is one, or the defaults."""
    found = path if path is not None else DEFAULT_FILE if DEFAULT_FILE.exists() else None
    return load_settings(found, os.environ)


def write_json(path: Path, result: Mapping[str, Any]) -> None:
    """Write `result` whole or not at all."""
    scratch = path.with_name(f".{path.name}.part")
    try:
        scratch.write_text(json.dumps(result, indent=2, allow_nan=False) + "\n")
        scratch.replace(path)
    except OSError as error:
        raise BadInputError("--json", f"cannot write {path}: {error.strerror}") from error


@contextmanager
def progress_shown() -> Iterator[None]:
    """Show a bar for each piece of long work inside."""
    bar = Progress(
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
    )
    tasks: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int, note: str) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total or None, note=note)
        bar.update(tasks[what], completed=done, total=total or None, note=note)

    with bar, watched_by(report):
        yield
