"""The orders of a real gift shop, Online Retail (Chen, Sain and Guo, 2012), as items and events.

The packaged table is whole and dirty; every row is kept, held back, or refused for a reason that is
counted. The rules are in `online_retail.sql`. Clock times of the shop are taken as UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from equipoise.errors import BadInputError
from equipoise.events.facts import Event, Item
from equipoise.events.quality import QualityReport
from equipoise.events.times import parse_time
from equipoise.events.titles import categories, readable
from equipoise.progress import report as progress

NAME = "online-retail"
REFUSED_FILE = "online-retail-refused.parquet"
_COLUMNS = "InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country"
_EVENTS = """
    SELECT InvoiceNo || '-' || line AS event_id, if(is_return, 'return', 'purchase') AS event_type,
        epoch_us(InvoiceDate) AS timestamp, CustomerID::BIGINT::VARCHAR AS user_id, InvoiceNo AS session_id,
        code AS item_id, round(abs(Quantity) * UnitPrice, 4) AS value, abs(Quantity)::DOUBLE AS quantity
    FROM judged WHERE fault IS NULL AND (epoch_us(arrived) > $after) = $held ORDER BY InvoiceDate, n"""
_REPAIRS = """
    SELECT count_if(StockCode <> code) AS item_code_in_capitals,
        count_if(wording <> Description) AS title_spaces,
        count_if(wording IS NULL) AS missing_title_filled,
        count_if(wording <> title) AS title_made_one
    FROM judged JOIN goods USING (code) WHERE fault IS NULL"""
_END_OF_TIME = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """The facts of a shop's orders, oldest first, and what became of the rows.

    `held_items` and `held_events` are the items first sold after the moment asked for, and their order
    lines; they are in neither `items` nor `events`.
    """

    items: Sequence[Item]
    events: Sequence[Event]
    held_items: Sequence[Item]
    held_events: Sequence[Event]
    report: QualityReport


def read_online_retail(
    refused_into: Path, *, source: Path | None = None, hold_back_after: datetime | None = None
) -> Orders:
    """Read the packaged sample, or a Parquet file of the same columns at `source`.

    Refused rows are written, with the reason of each, to a Parquet file in the folder `refused_into`.
    Items first sold after `hold_back_after` are held back with their order lines.
    """
    after = _END_OF_TIME if hold_back_after is None else parse_time(hold_back_after)
    with duckdb.connect() as shop:
        progress(NAME, 0, 4, "reading")
        shop.register("table_read", _read(source))
        shop.execute(f"CREATE TEMP TABLE raw AS SELECT {_COLUMNS}, n FROM table_read")
        progress(NAME, 1, 4, "judging the rows")
        shop.execute(files("equipoise.events").joinpath("online_retail.sql").read_text())
        progress(NAME, 2, 4, "making events")
        items = _items(shop)
        events, held_events = (_events(shop, after, held=held) for held in (False, True))
        progress(NAME, 3, 4, "writing the refused")
        where = _write_refused(shop, refused_into / REFUSED_FILE)
        progress(NAME, 4, 4)
        return Orders(
            items=[item for item in items if item.timestamp <= after],
            events=events,
            held_items=[item for item in items if item.timestamp > after],
            held_events=held_events,
            report=_report(shop, kept=len(events), held_back=len(held_events), items=len(items), where=where),
        )


def _read(source: Path | None) -> pa.Table:
    columns = _COLUMNS.split(", ")
    try:
        with as_file(files("equipoise.events").joinpath("samples/online_retail.parquet")) as packaged:
            table = pq.read_table(packaged if source is None else source, columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise BadInputError(str(source), f"not a Parquet file ({error})") from error
    missing = set(columns) - set(table.column_names)
    if missing:
        raise BadInputError(str(source), f"lacks the columns {', '.join(sorted(missing))} of Online Retail")
    return table.append_column("n", pa.array(range(len(table)), pa.int64()))


def _items(shop: duckdb.DuckDBPyConnection) -> list[Item]:
    rows = shop.execute("SELECT code, title, price, arrived FROM goods").fetchall()
    titles = [readable(title) for _, title, _, _ in rows]
    return [
        Item(item_id=code, timestamp=arrived, title=title, categories=kinds, price=price, currency="GBP")
        for (code, _, price, arrived), title, kinds in zip(rows, titles, categories(titles), strict=True)
    ]


def _events(shop: duckdb.DuckDBPyConnection, after: int, *, held: bool) -> list[Event]:
    rows = shop.execute(_EVENTS, {"after": after, "held": held}).fetchall()
    return [
        Event(
            event_id=event_id,
            event_type=event_type,
            timestamp=timestamp,
            user_id=user_id,
            session_id=session_id,
            item_id=item_id,
            value=value,
            quantity=quantity,
            currency="GBP",
        )
        for event_id, event_type, timestamp, user_id, session_id, item_id, value, quantity in rows
    ]


def _write_refused(shop: duckdb.DuckDBPyConnection, path: Path) -> Path:
    query = f"SELECT n AS row, fault AS reason, {_COLUMNS} FROM judged WHERE fault IS NOT NULL ORDER BY n"
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    pq.write_table(shop.sql(query).to_arrow_table(), scratch, compression="zstd")
    return scratch.replace(path)


def _report(
    shop: duckdb.DuckDBPyConnection, *, kept: int, held_back: int, items: int, where: Path
) -> QualityReport:
    reasons = "SELECT fault, count(*) FROM judged WHERE fault IS NOT NULL GROUP BY 1 ORDER BY 2 DESC"
    repairs = shop.sql(_REPAIRS)
    counts = zip(repairs.columns, repairs.fetchall()[0], strict=True)
    (read,) = shop.execute("SELECT count(*) FROM raw").fetchall()[0]
    return QualityReport(
        source=NAME,
        read=read,
        kept=kept,
        repaired={what: int(rows) for what, rows in counts if rows},
        refused=dict(shop.execute(reasons).fetchall()),
        held_back=held_back,
        items=items,
        where=str(where),
        at=parse_time(datetime.now(UTC)),
    )
