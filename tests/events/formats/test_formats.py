from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from equipoise.errors import BadInputError
from equipoise.events.facts import Event
from equipoise.events.formats import read_events, read_otto, read_rees46

FIELDS: dict[str, Any] = {
    "event_id": "e1",
    "event_type": "purchase",
    "timestamp": 1_777_636_800_000_000,
    "user_id": "u1",
    "session_id": "s1",
    "item_id": "i1",
    "value": 5.5,
    "quantity": 2.0,
    "currency": "EUR",
    "recommendation_id": "r1",
    "position": 3,
    "properties": {"size": "L"},
}


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".csv":
        import csv

        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            flat = [row | {"properties": msgspec.json.encode(row["properties"]).decode()} for row in rows]
            writer.writerows(flat)
    elif path.suffix == ".jsonl":
        path.write_bytes(b"\n\n".join(msgspec.json.encode(row) for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_every_ending_gives_the_same_event(tmp_path: Path, ending: str) -> None:
    (row,) = read_events(written(tmp_path / f"x{ending}", [FIELDS]))
    assert row.event == Event(**FIELDS)
    assert row.item is not None
    assert row.item.item_id == "i1"


def test_columns_of_other_names_are_mapped(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("kind,when,CustomerID,item_id\nview,2026-05-01,17850.0,5\n")
    (row,) = read_events(path, {"event_type": "kind", "timestamp": "when", "user_id": "CustomerID"})
    assert row.event is not None
    assert (row.event.user_id, row.event.item_id, row.event.event_type) == ("17850.0", "5", "view")


def test_numbers_serve_as_ids_in_typed_files(tmp_path: Path) -> None:
    path = written(
        tmp_path / "x.parquet", [FIELDS | {"user_id": 17850.0, "item_id": 42, "event_type": "View"}]
    )
    (row,) = read_events(path)
    assert row.event is not None
    assert (row.event.user_id, row.event.item_id, row.event.event_type) == ("17850", "42", "view")


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("row", b"not json"),
        ("row", b"[1, 2]"),
        ("row", b'{"event_type": "view", "user_id": "\xff"}'),
        ("row", b"[" * 100_000),
        ("event_type", b"{}"),
        ("timestamp", b'{"event_type": "view"}'),
        ("event_type", b'{"event_type": {"a": 1}}'),
        ("user_id", b'{"event_type": "view", "timestamp": 1, "item_id": "i"}'),
        ("user_id", b'{"event_type": "view", "timestamp": 1, "item_id": "i", "user_id": true}'),
        ("value", b'{"event_type": "view", "timestamp": 1, "item_id": "i", "user_id": "u", "value": "much"}'),
        (
            "position",
            b'{"event_type": "view", "timestamp": 1, "item_id": "i", "user_id": "u", "position": 1.5}',
        ),
        (
            "properties",
            b'{"event_type": "view", "timestamp": 1, "item_id": "i", "user_id": "u", "properties": [1]}',
        ),
    ],
)
def test_a_bad_row_is_told_and_the_next_is_read(tmp_path: Path, field: str, line: bytes) -> None:
    (tmp_path / "x.jsonl").write_bytes(line + b"\n" + msgspec.json.encode(FIELDS))
    bad, good = read_events(tmp_path / "x.jsonl")
    assert bad.event is None
    assert bad.fault is not None
    assert bad.fault[0] == field
    assert good.event == Event(**FIELDS)


def test_broken_bytes_and_short_lines_in_csv_are_told(tmp_path: Path) -> None:
    good = b"view,1777636800,u,i\n"
    head = b"event_type,timestamp,user_id,item_id\n"
    (tmp_path / "x.csv").write_bytes(
        head + b"view,1,\xff\xfe,i\n" + b"view,1\n" + b"view,1,u,i,more\n" + good
    )
    rows = list(read_events(tmp_path / "x.csv"))
    assert [row.event is None for row in rows] == [True, True, True, False]


def test_a_row_without_an_id_gets_one_from_its_content(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(
        "event_type,timestamp,user_id,item_id\n" + "view,5,u,i\n" * 2 + "view,6,u,i\n"
    )
    ids = [row.event.event_id for row in read_events(tmp_path / "x.csv") if row.event is not None]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.xlsx", b"", "must end in"),
        ("x.csv", b"", "is empty"),
        ("x.parquet", b"nonsense", "not a Parquet file"),
        ("absent.csv", None, "no such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInputError, match=says):
        list(read_events(tmp_path / name))


def test_a_mapping_must_name_a_field_and_a_column(tmp_path: Path) -> None:
    path = written(tmp_path / "x.jsonl", [FIELDS])
    with pytest.raises(BadInputError, match="userid is no field"):
        list(read_events(path, {"userid": "x"}))
    (row,) = read_events(path, {"user_id": "nowhere"})
    assert row.fault == ("row", "has no column nowhere, which --map names")


def test_bad_rows_of_foreign_formats_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("event_time,event_type,product_id\nnever,view,1\n")
    assert [row.fault and row.fault[0] for row in read_rees46(tmp_path / "x.csv")] == ["timestamp"]
    (tmp_path / "x.jsonl").write_text(
        '{"session": 1}\n{"session": 1, "events": [5, {"aid": 1, "ts": 1, "type": "x"}]}'
    )
    assert [row.fault and row.fault[0] for row in read_otto(tmp_path / "x.jsonl")] == [
        "row",
        "row",
        "event_type",
    ]
