"""`equipoise ingest`: events from a file into the log."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.cli.quality import show
from equipoise.errors import BadInputError
from equipoise.events.formats import FORMATS, Reader, read_events
from equipoise.events.ingest import append_orders, ingest
from equipoise.events.online_retail import NAME, read_online_retail
from equipoise.events.quality import QualityReport
from equipoise.events.sqlite import SQLiteLog

_OURS = "events"
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="Our field = their column, as user_id=CustomerID; may repeat."),
]
FormatOption = Annotated[
    str, typer.Option("--format", help=f"How to read it: {_OURS}, {', '.join(FORMATS)}.")
]


def command(
    file: Annotated[
        str, typer.Argument(help=f"A .csv, .jsonl or .parquet file, or `{NAME}` for the sample.")
    ],
    columns: MapOption = None,
    form: FormatOption = _OURS,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Read events from FILE into the log, and say what became of every row.

    Example: `equipoise ingest orders.csv --map user_id=CustomerID --map timestamp=InvoiceDate`
    """
    folder = Path(settings_from(config).storage.folder)
    reader = _reader(form, mapping(columns or []))
    with SQLiteLog(settings_from(config).storage.log) as log, progress_shown():
        report = _ingest(log, file, reader, folder / "quality")
    report.save(folder / "quality")
    console.print(show(report))
    if json is not None:
        write_json(json, msgspec.to_builtins(report))


def _ingest(log: SQLiteLog, file: str, reader: Reader, refused_into: Path) -> QualityReport:
    if file == NAME:
        return append_orders(log, read_online_retail(refused_into))
    return ingest(log, reader(Path(file)), Path(file).name, refused_into)


def _reader(form: str, columns: dict[str, str]) -> Reader:
    if form == _OURS:
        return lambda path: read_events(path, columns)
    if form not in FORMATS:
        raise BadInputError("--format", f"{form} is unknown; choose {_OURS}, {' or '.join(FORMATS)}")
    if columns:
        raise BadInputError("--map", f"the columns of {form} are known; leave it out")
    return FORMATS[form]


def mapping(pairs: list[str]) -> dict[str, str]:
    """Return our field: their column of pairs written as OUR_FIELD=THEIR_COLUMN."""
    split = [pair.partition("=") for pair in pairs]
    if any(not ours or not theirs for ours, _, theirs in split):
        raise BadInputError("--map", "write it as OUR_FIELD=THEIR_COLUMN, as user_id=CustomerID")
    return {ours: theirs for ours, _, theirs in split}
