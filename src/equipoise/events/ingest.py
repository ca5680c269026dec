"""From rows of a file to facts in the log, with a report of what became of each row."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from equipoise.events.facts import Fact
from equipoise.events.formats.row import Row
from equipoise.events.online_retail import Orders
from equipoise.events.quality import QualityReport
from equipoise.events.refused import Refused
from equipoise.events.sqlite import SQLiteLog
from equipoise.events.times import parse_time
from equipoise.progress import report as progress
from equipoise.progress import track

_TOGETHER = 10_000


def ingest(log: SQLiteLog, rows: Iterable[Row], source: str, refused_into: Path) -> QualityReport:
    """Append the events of `rows`, and an item for each item id that the log has not seen.

    Rows with a fault are kept in a Parquet file in the folder `refused_into`. Reading the same rows
    again adds nothing.
    """
    known = {item.item_id for item in log.items()}
    before = len(known)
    read = kept = already_there = 0
    now = parse_time(datetime.now(UTC))
    with Refused(refused_into / f"{Path(source).stem}-refused-{now}.parquet") as refused:
        for chunk in _chunks(rows):
            facts, events = _facts(chunk, known, refused)
            already_there += log.append(facts).duplicates
            read += len(chunk)
            kept += events
            progress(f"ingest {source}", read)
    return QualityReport(
        source=source,
        read=read,
        kept=kept,
        refused=dict(refused.reasons),
        items=len(known) - before,
        already_there=already_there,
        where=refused.where(),
        at=now,
    )


def append_orders(log: SQLiteLog, orders: Orders) -> QualityReport:
    """Append the items and events of `orders`, and return its report with what was there before."""
    facts: list[Fact] = [*orders.items, *orders.events]
    starts = range(0, len(facts), _TOGETHER)
    receipts = [log.append(facts[start : start + _TOGETHER]) for start in track(starts, "append")]
    return orders.report.with_already_there(sum(receipt.duplicates for receipt in receipts))


def _facts(chunk: Iterable[Row], known: set[str], refused: Refused) -> tuple[list[Fact], int]:
    facts: list[Fact] = []
    events = 0
    for row in chunk:
        if row.event is None:
            refused.add(row)
            continue
        if row.item is not None and row.item.item_id not in known:
            known.add(row.item.item_id)
            facts.append(row.item)
        facts.append(row.event)
        events += 1
    return facts, events


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    walking = iter(rows)
    while chunk := list(islice(walking, _TOGETHER)):
        yield chunk
