"""Online Retail (Chen, Sain and Guo, 2012): the packaged sample by its name, or the table as published."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from equipoise.data.dataset import Dataset
from equipoise.data.foreign.columns import header_of
from equipoise.data.foreign.format import Format
from equipoise.data.foreign.log import of_prepared
from equipoise.data.prepare import prepare
from equipoise.events.ingest import append_orders
from equipoise.events.online_retail import NAME, read_online_retail
from equipoise.events.sqlite import SQLiteLog

_TELLING = {"InvoiceNo", "StockCode", "CustomerID"}


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return not columns and (data == NAME or _table(Path(data)) is not None)


def _table(path: Path) -> Path | None:
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if len(files) != 1 or files[0].suffix != ".parquet":
        return None
    return files[0] if set(header_of(files[0])) >= _TELLING else None


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    source = None if data == NAME else _table(Path(data))
    with TemporaryDirectory() as scratch, SQLiteLog(Path(scratch) / "log.db") as log:
        append_orders(log, read_online_retail(Path(scratch), source=source))
        return of_prepared(NAME, prepare(log))


FORMAT = Format(about=f"{NAME}, or its table in Parquet", recognises=_recognises, read=_read)
