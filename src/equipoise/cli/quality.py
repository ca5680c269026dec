"""`equipoise quality`: what became of the rows that were ingested."""

from pathlib import Path

import msgspec
from rich.table import Table

from equipoise.cli.console import ConfigOption, JsonOption, console, settings_from, write_json
from equipoise.errors import BadInputError
from equipoise.events.quality import QualityReport, load_reports


def command(config: ConfigOption = None, json: JsonOption = None) -> None:
    """Show the data-quality report of every ingest into this log.

    Example: `equipoise quality --json quality.json`
    """
    folder = Path(settings_from(config).storage.folder) / "quality"
    reports = load_reports(folder)
    if not reports:
        raise BadInputError("quality", f"no report in {folder}; `equipoise ingest FILE` makes one")
    for report in reports:
        console.print(show(report))
    if json is not None:
        write_json(json, {"reports": msgspec.to_builtins(reports)})


def show(report: QualityReport) -> Table:
    """Return `report` as a table to print."""
    caption = f"refused rows: {report.where}" if report.where else None
    table = Table(title=f"data quality: {report.source}", caption=caption, caption_justify="left")
    table.add_column("")
    table.add_column("what", overflow="fold")
    table.add_column("rows", justify="right")
    for what, detail, rows in report.lines():
        table.add_row(what, detail.replace("_", " "), f"{rows:,}")
    return table
