"""What every event log promises: durable, numbered, idempotent, scanned in order."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from equipoise.errors import LogError
from equipoise.events.facts import Choice, Decision, Event, Item
from equipoise.events.log import EventLog, Table
from equipoise.events.schema import SCHEMAS
from equipoise.events.sqlite import SQLiteLog

LOGS: list[Callable[[Path], EventLog]] = [lambda folder: SQLiteLog(folder / "log.db")]


@pytest.fixture(params=LOGS, ids=["sqlite"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], EventLog]:
    return lambda: request.param(tmp_path)


@pytest.fixture
def log(make: Callable[[], EventLog]) -> Iterator[EventLog]:
    opened = make()
    yield opened
    opened.close()


def event(number: int, **fields: Any) -> Event:
    plain: dict[str, Any] = {
        "event_id": f"e{number}",
        "event_type": "click",
        "timestamp": 1_700_000_000_000_000,
    }
    return Event(**(plain | {"user_id": "u1", "item_id": "i1"} | fields))


def decision(number: int, m: int = 5, k: int = 2, d: int = 3) -> Decision:
    rng = np.random.default_rng(number)
    candidates = tuple(f"i{item}" for item in rng.permutation(1_000)[:m])
    slate = tuple(
        Choice(
            item_id=candidates[place],
            position=place,
            score=float(place),
            propensity=float(rng.random()),
            explored=place % 2 == 0,
            source=("popular", "item_knn")[place % 2],
        )
        for place in range(k)
    )
    return Decision(
        recommendation_id=f"r{number}",
        user_id=None,
        session_id="s1",
        surface="home",
        timestamp=1_700_000_000_000_000 + number,
        policy="uniform",
        policy_version=3,
        variant="random",
        candidates=candidates,
        scores=rng.normal(size=m),
        features_version="v1",
        slate=slate,
        exploration=0.25,
        reason="to learn of new items",
        features=rng.normal(size=(k, d)).astype(np.float32),
    )


def rows(log: EventLog, table: Table, after: int = 0) -> list[dict[str, Any]]:
    return [row for batch in log.scan(table, after) for row in batch.to_pylist()]


def test_a_receipt_counts_and_numbers_what_is_new(log: EventLog) -> None:
    first = log.append([event(1), event(2)])
    again = log.append([event(2), event(3)])
    assert (first.new, first.duplicates) == (2, 0)
    assert (again.new, again.duplicates) == (1, 1)
    assert again.last > first.last == rows(log, "events")[1]["seq"]


def test_nothing_is_appended_without_complaint(log: EventLog) -> None:
    receipt = log.append([])
    assert (receipt.new, receipt.duplicates, receipt.last) == (0, 0, 0)


def test_a_duplicate_is_left_alone_even_within_one_append(log: EventLog) -> None:
    receipt = log.append([event(1, value=1.0), event(1, value=2.0)])
    assert (receipt.new, receipt.duplicates) == (1, 1)
    assert [row["value"] for row in rows(log, "events")] == [1.0]


def test_decisions_are_idempotent_on_their_id(log: EventLog) -> None:
    assert log.append([decision(1), decision(2), decision(1)]).duplicates == 1
    assert [row["recommendation_id"] for row in rows(log, "decisions")] == ["r1", "r2"]


def test_every_version_of_an_item_is_kept_and_the_same_told_twice_is_not(log: EventLog) -> None:
    versions = [Item(item_id="i", timestamp=1, price=price) for price in (1.0, 2.0, 1.0)]
    assert log.append(versions).duplicates == 1
    assert [row["price"] for row in rows(log, "items")] == [1.0, 2.0]


def test_one_counter_orders_all_facts(log: EventLog) -> None:
    log.append([decision(1), event(1), Item(item_id="i", timestamp=1), event(2)])
    numbers = [rows(log, table)[0]["seq"] for table in ("decisions", "events", "items")]
    assert numbers[0] < numbers[1] < numbers[2] < rows(log, "events")[1]["seq"]


def test_scan_goes_on_after_a_number(log: EventLog) -> None:
    for number in range(5):
        log.append([event(number)])
    third = rows(log, "events")[2]["seq"]
    assert [row["event_id"] for row in rows(log, "events", third)] == ["e3", "e4"]


@pytest.mark.parametrize("table", list(SCHEMAS))
def test_batches_have_the_public_schema(log: EventLog, table: Table) -> None:
    log.append([event(1), Item(item_id="i", timestamp=1), decision(1)])
    for batch in log.scan(table):
        batch.validate(full=True)
        assert batch.schema == SCHEMAS[table]


@pytest.mark.parametrize("table", list(SCHEMAS))
def test_an_empty_log_scans_to_nothing(log: EventLog, table: Table) -> None:
    assert list(log.scan(table)) == []


def test_an_event_comes_back_as_it_was(log: EventLog) -> None:
    full = event(
        1,
        session_id="s",
        value=-2.5,
        quantity=3.0,
        currency="GBP",
        recommendation_id="r1",
        position=4,
        properties={"size": "L", "tags": ["é", 1, None], "ok": True},
    )
    log.append([full])
    (row,) = rows(log, "events")
    assert msgspec.json.decode(row.pop("properties")) == full.properties
    row["timestamp"] = round(row["timestamp"].timestamp() * 1e6)
    assert {name: row[name] for name in row if name != "seq"} == {
        name: value for name, value in msgspec.structs.asdict(full).items() if name != "properties"
    }


def test_nulls_stay_nulls_even_where_a_column_starts_with_many(log: EventLog) -> None:
    log.append([event(n, user_id=None, session_id="s") for n in range(3_000)])
    log.append([event(3_000, value=0.5, currency="EUR", position=1, recommendation_id="r")])
    table = pa.Table.from_batches(log.scan("events"))
    assert table["user_id"].null_count == table["value"].null_count == 3_000
    assert table["value"][3_000].as_py() == 0.5
    assert table["currency"][3_000].as_py() == "EUR"
    assert table["properties"][0].as_py() == "{}"


def test_an_item_comes_back_as_it_was(log: EventLog) -> None:
    item = Item(
        item_id="ä", timestamp=5, title="Blue mug", description="of clay", categories=("Mug", "Kitchen"),
        brand="B", price=7.5, margin=0.4, currency="GBP", image_url="/m.png", available=False,
        properties={"colour": "blue"},
    )  # fmt: skip
    log.append([item])
    (row,) = rows(log, "items")
    back = {**row, "timestamp": 5, "properties": msgspec.json.decode(row["properties"])}
    back.pop("seq")
    assert back == {**msgspec.structs.asdict(item), "categories": ["Mug", "Kitchen"]}


@pytest.mark.parametrize(("m", "k", "d"), [(200, 10, 12), (5, 5, 1), (1, 1, 0), (0, 0, 0), (3, 0, 4)])
def test_a_decision_comes_back_as_it_was(log: EventLog, m: int, k: int, d: int) -> None:
    told = decision(1, m, k, d)
    log.append([decision(7), told])
    row = rows(log, "decisions")[1]
    scores = dict(zip(told.candidates, told.scores.tolist(), strict=True))
    assert dict(zip(row["candidates"], row["scores"], strict=True)) == pytest.approx(
        scores, rel=1e-3, abs=1e-6
    )
    assert [shown["item_id"] for shown in row["slate"]] == [choice.item_id for choice in told.slate]
    assert [shown["propensity"] for shown in row["slate"]] == [choice.propensity for choice in told.slate]
    assert [shown["explored"] for shown in row["slate"]] == [choice.explored for choice in told.slate]
    assert [shown["source"] for shown in row["slate"]] == [choice.source for choice in told.slate]
    assert np.array(row["features"]).reshape(k, d) == pytest.approx(told.features, rel=1e-3, abs=1e-6)
    assert (row["policy"], row["policy_version"], row["variant"]) == ("uniform", 3, "random")
    assert (row["user_id"], row["session_id"], row["exploration"]) == (None, "s1", 0.25)


def test_submit_keeps_its_promise_without_being_waited_for(log: EventLog) -> None:
    promises = [log.submit([event(number)]) for number in range(100)]
    assert all(promise.result(timeout=30).new == 1 for promise in promises)
    assert [row["event_id"] for row in rows(log, "events")] == [f"e{number}" for number in range(100)]


def test_many_writers_get_each_fact_in_once(log: EventLog) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda n: log.append([event(n % 40), event(n)]), range(80)))
    assert sum(receipt.new for receipt in receipts) == 80
    assert sorted(row["event_id"] for row in rows(log, "events")) == sorted(f"e{n}" for n in range(80))


def test_a_scan_sees_whole_appends_while_others_write(log: EventLog) -> None:
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [log.append([event(2 * n), event(2 * n + 1)]) for n in range(200)])
        while not writing.done():
            seen = [row["event_id"] for row in rows(log, "events")]
            assert seen == [f"e{n}" for n in range(len(seen))]
            assert len(seen) % 2 == 0


def test_facts_outlive_the_log_object(make: Callable[[], EventLog]) -> None:
    first = make()
    promise = first.submit([event(1)])
    first.close()
    assert promise.result(timeout=0).new == 1
    second = make()
    assert second.append([event(1), event(2)]).duplicates == 1
    second.close()


def test_a_closed_log_says_so(make: Callable[[], EventLog]) -> None:
    log = make()
    log.close()
    log.close()
    with pytest.raises(LogError, match="closed"):
        log.append([event(1)])


def test_a_fact_that_cannot_be_stored_harms_no_other(log: EventLog) -> None:
    blocked = [log.submit([event(n)]) for n in range(20)]
    bad = log.submit([event(98), event(99, properties={"broken": {1, 2}, "worse": object()})])
    after = log.submit([event(100)])
    with pytest.raises(LogError, match="cannot be stored"):
        bad.result(timeout=30)
    assert all(promise.result(timeout=30).new == 1 for promise in [*blocked, after])
    assert {"e98", "e99"}.isdisjoint(row["event_id"] for row in rows(log, "events"))
