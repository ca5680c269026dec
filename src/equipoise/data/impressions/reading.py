"""Rows from what a person names: a data set as it was published, or a table of their own."""

from dataclasses import dataclass
from pathlib import Path

from equipoise.data.impressions import kuairand, online_retail, open_bandit, table
from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.table import TableColumns
from equipoise.errors import BadInputError
from equipoise.events.online_retail import NAME
from equipoise.progress import report

_KNOWN = (kuairand, open_bandit, online_retail)
_TABLES = {".csv", ".parquet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The rows, and how many days pass until a target is known."""

    rows: RankingRows
    label_days: float = 0.0


def read_rows(data: str, columns: TableColumns | None = None) -> Read:
    """Read the rows of `data`: a folder of KuaiRand, Open Bandit or Online Retail, or else a .csv or .parquet
    file.

    `columns` says what the columns of a table of one's own are. Raises `BadInputError` where `data` is
    nothing known.
    """
    report("reading", 0, 1)
    path = Path(data)
    if not path.exists() and data != NAME:
        raise BadInputError("DATA", f"there is no {path}")
    found = next((each for each in _KNOWN if each.recognises(path)), None)
    if found is not None:
        read = Read(rows=found.read(path), label_days=getattr(found, "LABEL_DAYS", 0.0))
    elif path.suffix in _TABLES and columns is not None and columns.targets:
        read = Read(rows=table.read(path, columns))
    else:
        raise BadInputError("DATA", _unknown(path))
    report("reading", 1, 1)
    return read


def _unknown(path: Path) -> str:
    if path.suffix in _TABLES:
        return f"{path} is a table of your own; say with --target which columns are to be predicted"
    return f"{path} holds neither KuaiRand, Open Bandit nor Online Retail, and is no .csv or .parquet file"
