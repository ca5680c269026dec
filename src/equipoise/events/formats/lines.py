"""The rows of CSV, JSON lines and Parquet files as mappings; a broken row does not break the file."""

import csv
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from equipoise.errors import BadInputError
from equipoise.events.validate import Fault

Line = tuple[int, dict[str, Any] | str, Fault | None]
"""The number of the row from 1, its fields (or its text where they cannot be told), and its fault."""
_MOST_ROWS = 10_000


def read_csv(path: Path) -> Iterator[Line]:
    """Yield the rows of a CSV file with a header line."""
    # Bytes that are not UTF-8 become lone surrogates, which are refused row by row later on.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        rows = csv.DictReader(file, restkey="", strict=True)
        if not rows.fieldnames:
            raise BadInputError(str(path), "is empty; the first line of a CSV file names its columns")
        for number in count(1):
            try:
                fields = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, "", ("row", f"cannot be read as CSV ({error})")
                continue
            if "" in fields or None in fields.values():
                yield number, str(fields), ("row", "has more or fewer fields than the header")
            else:
                yield number, fields, None


def read_json_lines(path: Path) -> Iterator[Line]:
    """Yield the objects of a file with one JSON object on each line; empty lines are passed over."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield number, decoder.decode(line), None
            except (msgspec.DecodeError, RecursionError):
                yield number, line.decode(errors="replace").strip(), ("row", "is not a JSON object")


def read_parquet(path: Path) -> Iterator[Line]:
    """Yield the rows of a Parquet file."""
    try:
        with pq.ParquetFile(path) as file:
            number = count(1)
            for batch in file.iter_batches(_MOST_ROWS):
                for fields in batch.to_pylist():
                    yield next(number), fields, None
    except pa.ArrowException as error:
        raise BadInputError(str(path), f"is not a Parquet file ({error})") from error


LINES: dict[str, Callable[[Path], Iterator[Line]]] = {
    ".csv": read_csv,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".parquet": read_parquet,
}


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the rows of `path`, which is read by its ending."""
    if path.suffix.lower() not in LINES:
        raise BadInputError(str(path), f"cannot tell what it is; its name must end in {', '.join(LINES)}")
    if not path.is_file():
        raise BadInputError(str(path), "there is no such file")
    try:
        yield from LINES[path.suffix.lower()](path)
    except OSError as error:
        raise BadInputError(str(path), f"cannot be read ({error.strerror or error})") from error
