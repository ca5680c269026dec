"""Other people's data sets as they are: each format says which files it knows, and reads them.

A format is one file here and one line in `FORMATS`. Reading files here is docs/decisions/008.
"""

from collections.abc import Mapping

from equipoise.data.dataset import Dataset
from equipoise.data.foreign import (
    complete_journey,
    folds,
    lists,
    log,
    online_retail,
    parts,
    recbole,
    sequences,
    sessions,
    tables,
)
from equipoise.data.foreign.format import Format
from equipoise.errors import BadInputError
from equipoise.progress import report

FORMATS: tuple[Format, ...] = (
    online_retail.FORMAT,
    complete_journey.FORMAT,
    sessions.FORMAT,
    lists.FORMAT,
    parts.FORMAT,
    recbole.FORMAT,
    folds.FORMAT,
    sequences.FORMAT,
    tables.FORMAT,
    log.FORMAT,
)
"""In the order in which they are tried."""


def read_dataset(data: str, columns: Mapping[str, str] | None = None) -> Dataset:
    """Read what `data` names, by the first format that knows it.

    `columns` says where a field of ours is called otherwise: {"user_id": "CustomerID"}. Raises
    `BadInputError`, naming file, row and fix, where no format knows it or a row cannot be read.
    """
    found = next((each for each in FORMATS if each.recognises(data, columns or {})), None)
    if found is None:
        known = "; ".join(each.about for each in FORMATS)
        raise BadInputError("DATA", f"{data} is nothing that can be read: {known}")
    if columns and not found.mapped:
        raise BadInputError("--map", f"the columns of {found.about} are known; leave it out")
    report("reading", 0, 1)
    read = found.read(data, columns or {})
    report("reading", 1, 1)
    return read


__all__ = ["FORMATS", "Format", "read_dataset"]
