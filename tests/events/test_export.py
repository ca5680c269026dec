from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from equipoise.errors import BadInputError
from equipoise.events.export import export
from equipoise.events.facts import Decision, Event, Item
from equipoise.events.schema import DECISIONS, EVENTS
from equipoise.events.sqlite import SQLiteLog

DAY = 86_400_000_000


def test_every_fact_is_in_the_folder_of_its_day(
    log: SQLiteLog, event: Callable[..., Event], decision: Callable[..., Decision], tmp_path: Path
) -> None:
    log.append([event(n, timestamp=(n % 3) * DAY + n) for n in range(100)])
    log.append([Item(item_id="i", timestamp=DAY - 1), decision(1, 20, 4, 3)])
    assert export(log, tmp_path / "to") == {"events": 100, "items": 1, "decisions": 1}
    second = pq.read_table(tmp_path / "to" / "events" / "date=1970-01-02", partitioning=None)
    assert second["event_id"].to_pylist() == [f"e{n}" for n in range(1, 100, 3)]
    assert second.schema.equals(EVENTS)
    assert [path.name for path in (tmp_path / "to" / "items").iterdir()] == ["date=1970-01-01"]
    (shown,) = (tmp_path / "to" / "decisions").rglob("*.parquet")
    table = pq.read_table(shown, partitioning=None)
    assert table.schema.equals(DECISIONS)
    assert len(table["slate"][0]) == 4
    assert {path.name for path in (tmp_path / "to" / "events").iterdir()} == {
        f"date=1970-01-0{n}" for n in (1, 2, 3)
    }


def test_the_log_may_be_written_meanwhile(
    log: SQLiteLog, event: Callable[..., Event], tmp_path: Path
) -> None:
    log.append([event(n) for n in range(20_000)])
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [log.append([event(n)]) for n in range(20_000, 20_100)])
        assert 20_000 <= export(log, tmp_path / "to")["events"] <= 20_100
        writing.result()
    assert log.counts()["events"] == 20_100


def test_a_folder_with_something_in_it_is_left_alone(log: SQLiteLog, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="not an empty folder"):
        export(log, tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(BadInputError, match="not an empty folder"):
        export(log, tmp_path / "file")
    with pytest.raises(BadInputError, match="cannot write"):
        export(log, tmp_path / "file" / "below")
