"""Files whose columns are the fields of an event, under our names or mapped to them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from equipoise.errors import BadInputError
from equipoise.events.facts import Event
from equipoise.events.formats.lines import Line, read_lines
from equipoise.events.formats.row import Row, to_row


def read_events(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Yield the rows of the CSV, JSON lines or Parquet file at `path`.

    `columns` says where a field of ours is called otherwise: {"user_id": "CustomerID"}. Columns that
    are neither fields nor mapped are passed over.
    """
    columns = columns or {}
    unknown = sorted(columns.keys() - set(Event.__struct_fields__))
    if unknown:
        raise BadInputError(
            "--map", f"{unknown[0]} is no field of an event: {', '.join(Event.__struct_fields__)}"
        )
    names = {field: columns.get(field, field) for field in Event.__struct_fields__}
    for line in read_lines(path):
        yield _row(line, names, columns)


def _row(line: Line, names: Mapping[str, str], columns: Mapping[str, str]) -> Row:
    number, fields, fault = line
    if isinstance(fields, str) or fault is not None:
        return Row(number=number, content=fields, fault=fault)
    absent = next((theirs for theirs in columns.values() if theirs not in fields), None)
    if absent is not None:
        return Row(number=number, content=fields, fault=("row", f"has no column {absent}, which --map names"))
    return to_row(number, {ours: fields.get(theirs) for ours, theirs in names.items()})
