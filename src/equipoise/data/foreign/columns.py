"""Columns of a table into arrays; what cannot be read is named by file and row."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from equipoise.errors import BadInputError
from equipoise.events.times import parse_time
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table, the file it is from, and the row of the file where it starts."""

    table: pa.Table
    path: Path
    first: int = 1

    def has(self, column: str) -> bool:
        """Return whether there is such a column."""
        return column in self.table.column_names

    def where(self, keep: Bools) -> "Sheet":
        """Return the rows of the mask `keep` (n,)."""
        return Sheet(self.table.filter(pa.array(keep)), self.path, self.first)

    def ids(self, column: str) -> pa.ChunkedArray:
        """Return a column of ids; raise `BadInputError` where one is missing."""
        found = self._column(column)
        empty = pc.is_null(found)
        if pa.types.is_string(found.type) or pa.types.is_large_string(found.type):
            empty = pc.or_kleene(empty, pc.equal(found, ""))
        self._refuse(np.asarray(empty.fill_null(True)), column, "is empty; fill it in or take the row out")
        return found

    def numbers(self, column: str) -> Floats:
        """Return a column of finite numbers, float64."""
        found = self._column(column)
        try:
            values = np.array(found.cast(pa.float64()).to_numpy(), np.float64)
        except pa.ArrowInvalid:
            values = np.array([_number(value) for value in found.to_pylist()])
        self._refuse(~np.isfinite(values), column, "is not a finite number; mend it or take the row out")
        return values

    def texts(self, column: str) -> list[str]:
        """Return a column as text, "" where there is none."""
        return [value or "" for value in self._column(column).cast(pa.string()).to_pylist()]

    def times(self, column: str) -> Ints:
        """Return a column of moments in microseconds UTC: dates, or numbers whose size tells their unit."""
        found = self._column(column)
        if pa.types.is_timestamp(found.type) or pa.types.is_date(found.type):
            found = found.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
            self._refuse(np.asarray(pc.is_null(found)), column, "is missing; give a date")
            return np.array(found.to_numpy(), np.int64)
        kinds = found.combine_chunks().dictionary_encode()
        told = [
            self._time(value, place, kinds, column)
            for place, value in enumerate(kinds.dictionary.to_pylist())
        ]
        self._refuse(np.asarray(pc.is_null(kinds)), column, "is missing; give a date")
        codes: Ints = kinds.indices.to_numpy(zero_copy_only=False)
        return np.array(told, np.int64)[codes]

    def _time(self, value: object, place: int, kinds: pa.DictionaryArray, column: str) -> int:
        try:
            return parse_time(value)
        except BadInputError as error:
            row = int(np.flatnonzero(np.asarray(pc.equal(kinds.indices, place)))[0]) + self.first
            raise BadInputError(f"{self.path}, row {row}", f"{column} {error.reason}") from error

    def _column(self, column: str) -> pa.ChunkedArray:
        if not self.has(column):
            there = ", ".join(self.table.column_names)
            raise BadInputError(str(self.path), f"has no column {column}; it has {there}")
        return self.table[column]

    def _refuse(self, bad: Bools, column: str, why: str) -> None:
        if bad.any():
            raise BadInputError(f"{self.path}, row {int(np.argmax(bad)) + self.first}", f"{column} {why}")


def read_delimited(path: Path, *, delimiter: str, header: tuple[str, ...] = ()) -> Sheet:
    """Read a text table, all columns as text; the first line names them unless `header` does."""
    names = list(header) or _names(path, delimiter)
    text = {name: pa.string() for name in names}
    quote = '"' if delimiter == "," else False
    try:
        table = pcsv.read_csv(
            path,
            read_options=pcsv.ReadOptions(
                column_names=names, skip_rows=0 if header else 1, use_threads=False
            ),
            parse_options=pcsv.ParseOptions(delimiter=delimiter, quote_char=quote),
            convert_options=pcsv.ConvertOptions(column_types=text, strings_can_be_null=False),
        )
    except (pa.ArrowException, OSError) as error:
        raise BadInputError(str(path), f"cannot be read as a table: {str(error).splitlines()[0]}") from error
    return Sheet(table, path, first=1 if header else 2)


def read_parquet(path: Path, columns: list[str] | None = None) -> Sheet:
    """Read a Parquet file, or `columns` of it."""
    try:
        there = pq.read_schema(path).names
        kept = None if columns is None else [name for name in columns if name in there]
        return Sheet(pq.read_table(path, columns=kept, partitioning=None), path)
    except (pa.ArrowException, OSError) as error:
        raise BadInputError(str(path), f"is not a Parquet file ({str(error).splitlines()[0]})") from error


def header_of(path: Path) -> list[str]:
    """Return the names of the columns of a .csv or .parquet file, none where it cannot be read."""
    try:
        return pq.read_schema(path).names if path.suffix == ".parquet" else _names(path, ",")
    except (pa.ArrowException, OSError, BadInputError):
        return []


def _names(path: Path, delimiter: str) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            names = [name.strip('"') for name in file.readline().rstrip("\r\n").split(delimiter)]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(str(path), "cannot be read as text; save it as UTF-8") from error
    if not any(names):
        raise BadInputError(str(path), "is empty; its first row must name the columns")
    return names


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return np.nan
