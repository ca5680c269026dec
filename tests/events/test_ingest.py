import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from equipoise.events.facts import Item
from equipoise.events.formats import read_events, read_otto, read_rees46
from equipoise.events.ingest import ingest
from equipoise.events.sqlite import SQLiteLog

DATA = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data"))
CSV = """event_type,timestamp,user_id,item_id,value
view,2026-05-01T12:00:00Z,u1,a,
purchase,2026-05-01T12:01:00Z,u1,b,5.5
stare,2026-05-01T12:02:00Z,u1,b,
view,9999-05-01T12:02:00Z,u1,b,
view,2026-05-01T12:03:00Z,,a,
view,2026-05-01T12:00:00Z,u1,a,
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    (tmp_path / "orders.csv").write_text(CSV)
    return tmp_path / "orders.csv"


def test_rows_are_kept_or_refused_and_add_up(log: SQLiteLog, orders: Path, tmp_path: Path) -> None:
    report = ingest(log, read_events(orders), "orders.csv", tmp_path / "refused")
    assert (report.read, report.kept, report.already_there, report.items) == (6, 3, 1, 2)
    assert [reason.partition(":")[0] for reason in report.refused] == ["event_type", "timestamp", "user_id"]
    refused = pq.read_table(report.where).to_pylist()
    assert [row["row"] for row in refused] == [3, 4, 5]
    assert '"stare"' in refused[0]["content"]
    assert log.counts()["events"] == 2


def test_unseen_items_become_bare_ones_and_known_ones_stay(
    log: SQLiteLog, orders: Path, tmp_path: Path
) -> None:
    known = Item(item_id="a", timestamp=1, title="Mug")
    log.append([known])
    report = ingest(log, read_events(orders), "orders.csv", tmp_path)
    assert report.items == 1
    assert list(log.items()) == [known, Item(item_id="b", timestamp=1_777_636_860_000_000)]


def test_the_same_file_twice_adds_nothing(log: SQLiteLog, orders: Path, tmp_path: Path) -> None:
    ingest(log, read_events(orders), "orders.csv", tmp_path)
    before = log.last()
    again = ingest(log, read_events(orders), "orders.csv", tmp_path)
    assert (again.already_there, again.items, log.last()) == (3, 0, before)


def test_nothing_refused_leaves_no_file(log: SQLiteLog, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("event_type,timestamp,user_id,item_id\nview,1777636800,u,i\n")
    report = ingest(log, read_events(tmp_path / "one.csv"), "one.csv", tmp_path / "refused")
    assert report.where == ""
    assert not (tmp_path / "refused").exists()


@pytest.mark.skipif(
    not (DATA / "rees46-sample").exists(), reason=f"rees46-sample is not in {DATA}; set EQUIPOISE_DATA"
)
def test_rees46_is_read_whole(log: SQLiteLog, tmp_path: Path) -> None:
    report = ingest(log, read_rees46(DATA / "rees46-sample" / "2019-Oct-sample.csv"), "rees46", tmp_path)
    assert (report.read, report.kept, report.items) == (1_000, 1_000, 534)
    first = next(log.items())
    assert (first.item_id, first.brand, first.price, first.currency) == ("44600062", "shiseido", 35.79, "USD")
    assert log.counts()["events"] + report.already_there == 1_000


@pytest.mark.skipif(
    not (DATA / "otto-sample").exists(), reason=f"otto-sample is not in {DATA}; set EQUIPOISE_DATA"
)
def test_otto_is_read_whole(log: SQLiteLog, tmp_path: Path) -> None:
    report = ingest(log, read_otto(DATA / "otto-sample" / "train.jsonl"), "otto", tmp_path)
    assert (report.read, report.kept) == (862, 862)
    kinds = [kind for batch in log.scan("events") for kind in batch.column("event_type").to_pylist()]
    assert (kinds.count("click"), kinds.count("cart"), kinds.count("purchase")) == (800, 52, 10)
