"""`equipoise export`: the log as Parquet by day."""

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.errors import BadInputError
from equipoise.events.export import export
from equipoise.events.sqlite import SQLiteLog

ToOption = Annotated[Path, typer.Option("--to", help="A folder that is new or empty.")]


def command(to: ToOption, config: ConfigOption = None, json: JsonOption = None) -> None:
    """Write events, items and decisions as Parquet files by day; a server may go on writing.

    Example: `equipoise export --to backup-2026-05-01`
    """
    path = settings_from(config).storage.log
    if not path.exists():
        raise BadInputError("log", f"there is none at {path}; ingest or serve first, or name its --config")
    with SQLiteLog(path) as log, progress_shown():
        rows = export(log, to)
    console.print(f"{', '.join(f'{n:,} {table}' for table, n in rows.items())} in {to}")
    if json is not None:
        write_json(json, {"to": str(to), "rows": dict(rows)})
