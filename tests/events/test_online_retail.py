"""The reader on a shop made by hand, where each row's fate is known, and on the packaged one."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from equipoise.errors import BadInputError
from equipoise.events.ingest import append_orders
from equipoise.events.online_retail import Orders, read_online_retail
from equipoise.events.sqlite import SQLiteLog
from equipoise.events.validate import check_event, check_item


def line(invoice: str = "536365", **fields: Any) -> dict[str, Any]:
    plain = {
        "InvoiceNo": invoice,
        "StockCode": "85123A",
        "Description": "BLUE MUG",
        "Quantity": 6,
        "InvoiceDate": datetime(2011, 1, 5, 10, int(invoice[-2:])),
        "UnitPrice": 2.5,
        "CustomerID": 17850.0,
        "Country": "United Kingdom",
    }
    return plain | fields


ROWS = [
    line("536301"),
    line("536301"),
    line("536302", CustomerID=None),
    line("536303", StockCode="POST", Description="POSTAGE"),
    line("536304", UnitPrice=0.0),
    line("536305", Quantity=-3),
    line("C536306", Quantity=-2),
    line("C536307", Quantity=-2, CustomerID=1.0),
    line("536308", Quantity=80_000),
    line("C536309", Quantity=-80_000),
    line("536310", StockCode="85123a", Description="BLUE  MUG", UnitPrice=3.5),
    line("536311", Description=None),
    line("536312", StockCode="20001", Description="LATE LAMP", InvoiceDate=datetime(2011, 6, 1)),
    line("C536313", StockCode="20001", Quantity=-1, InvoiceDate=datetime(2011, 6, 2)),
    line("C536300", Quantity=-2),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "shop.parquet")
    return tmp_path / "shop.parquet"


def test_each_row_meets_its_fate(shop: Path, tmp_path: Path) -> None:
    orders = read_online_retail(tmp_path, source=shop)
    assert orders.report.refused == {
        "exact_duplicate": 1,
        "missing_customer": 1,
        "not_goods": 1,
        "non_positive_price": 1,
        "non_positive_quantity": 1,
        "return_without_purchase": 2,
        "extreme_quantity": 2,
    }
    assert orders.report.repaired == {
        "item_code_in_capitals": 1,
        "title_spaces": 1,
        "missing_title_filled": 1,
        "title_made_one": 1,
    }
    assert (orders.report.read, orders.report.kept, orders.report.held_back) == (15, 6, 0)
    assert [event.event_type for event in orders.events] == [
        "purchase",
        "return",
        *["purchase"] * 3,
        "return",
    ]


def test_refused_rows_are_kept_with_their_reasons(shop: Path, tmp_path: Path) -> None:
    report = read_online_retail(tmp_path / "out", source=shop).report
    kept = pq.read_table(report.where).to_pylist()
    assert len(kept) == sum(report.refused.values())
    assert {row["row"]: row["reason"] for row in kept}[3] == "not_goods"
    assert next(row for row in kept if row["row"] == 8)["Quantity"] == 80_000


def test_items_say_what_is_known_of_them(shop: Path, tmp_path: Path) -> None:
    mug, lamp = read_online_retail(tmp_path, source=shop).items
    assert (mug.item_id, mug.title, mug.price, mug.currency) == ("85123A", "Blue Mug", 2.5, "GBP")
    assert mug.timestamp == datetime(2011, 1, 5, 10, 1, tzinfo=UTC).timestamp() * 1e6
    assert lamp.item_id == "20001"


def test_money_counts_against_no_sign(shop: Path, tmp_path: Path) -> None:
    bought, returned = read_online_retail(tmp_path, source=shop).events[:2]
    assert (bought.value, bought.quantity, bought.user_id, bought.session_id) == (
        15.0,
        6.0,
        "17850",
        "536301",
    )
    assert (returned.value, returned.quantity, returned.event_type) == (5.0, 2.0, "return")


def test_items_first_sold_later_are_held_back(shop: Path, tmp_path: Path) -> None:
    orders = read_online_retail(tmp_path, source=shop, hold_back_after=datetime(2011, 5, 1))
    assert [item.item_id for item in orders.held_items] == ["20001"]
    assert [event.event_type for event in orders.held_events] == ["purchase", "return"]
    assert {event.item_id for event in orders.events} == {"85123A"}
    assert (orders.report.kept, orders.report.held_back) == (4, 2)


def test_reading_twice_adds_nothing(shop: Path, tmp_path: Path, log: SQLiteLog) -> None:
    first = append_orders(log, read_online_retail(tmp_path, source=shop))
    again = append_orders(log, read_online_retail(tmp_path, source=shop))
    assert (first.already_there, again.already_there) == (0, 8)
    assert log.counts() == {"events": 6, "items": 2, "decisions": 0}


@pytest.mark.parametrize("content", [b"", b"no parquet"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.parquet").write_bytes(content)
    with pytest.raises(BadInputError, match=r"x\.parquet: not a Parquet file"):
        read_online_retail(tmp_path, source=tmp_path / "x.parquet")


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"InvoiceNo": ["1"]}), tmp_path / "x.parquet")
    with pytest.raises(BadInputError, match="lacks the columns Country, CustomerID"):
        read_online_retail(tmp_path, source=tmp_path / "x.parquet")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Orders:
    return read_online_retail(tmp_path_factory.mktemp("refused"), hold_back_after=datetime(2011, 9, 1))


def test_the_sample_is_whole_and_small() -> None:
    sample = files("equipoise.events") / "samples" / "online_retail.parquet"
    assert len(sample.read_bytes()) < 3_000_000
    assert "CC BY 4.0" in (files("equipoise.events") / "samples" / "SOURCE.md").read_text()


def test_no_row_of_the_real_shop_is_lost(real: Orders) -> None:
    report = real.report
    assert report.read == 541_909 == report.kept + report.held_back + sum(report.refused.values())
    assert (report.kept, report.held_back) == (len(real.events), len(real.held_events))
    assert report.refused["exact_duplicate"] == 5_268
    assert pq.read_metadata(report.where).num_rows == sum(report.refused.values())
    assert (
        len({event.event_id for event in [*real.events, *real.held_events]}) == report.kept + report.held_back
    )


def test_every_fact_of_the_real_shop_can_be_kept(real: Orders) -> None:
    assert not [
        item for item in [*real.items, *real.held_items] if check_item(item) is not None or not item.title
    ]
    assert not [event for event in real.events[::50] if check_event(event) is not None]
    assert all(event.value is not None and event.value > 0 for event in real.events)
    times = [event.timestamp for event in real.events]
    assert times == sorted(times)


def test_nothing_of_a_held_item_leaks_into_the_past(real: Orders) -> None:
    held = {item.item_id for item in real.held_items}
    assert len(held) > 100
    assert held.isdisjoint(event.item_id for event in real.events)
    assert held == {event.item_id for event in real.held_events}
    assert held.isdisjoint(item.item_id for item in real.items)
