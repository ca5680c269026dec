"""Each format on a file of a few rows, and on broken ones, which are told in one line with the fix."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign import read_dataset
from equipoise.data.interactions import DAY
from equipoise.errors import BadInputError


def rows_of(data: Dataset) -> list[tuple[str, str]]:
    made = data.interactions
    return list(zip(data.users.decode(made.users), data.items.decode(made.items), strict=True))


def write(folder: Path, files: dict[str, Any]) -> str:
    for name, content in files.items():
        path = folder / name
        if name.endswith(".parquet"):
            pq.write_table(pa.table(content), path)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(folder)


def test_a_file_of_sequences(tmp_path: Path) -> None:
    files = {
        "shop.txt": "u1 9 4 7\nu2 4 9\n\n",
        "shop_item2attributes.json": {"9": [1, 2], "4": [2], "7": []},
    }
    data = read_dataset(write(tmp_path, files) + "/shop.txt")
    assert rows_of(data) == [("u1", "9"), ("u1", "4"), ("u1", "7"), ("u2", "4"), ("u2", "9")]
    assert data.interactions.times.tolist() == [0, 1, 2, 0, 1]
    assert data.order is Order.PLACES
    assert data.content is not None
    lengths = np.linalg.norm(data.content.matrix.toarray(), axis=1)
    assert lengths.tolist() == pytest.approx([1, 1, 0])


def test_train_and_test_lists(tmp_path: Path) -> None:
    data = read_dataset(write(tmp_path, {"train.txt": "0 1 2 3\n1 2\n", "test.txt": "0 4\n1\n"}))
    assert data.order is Order.NONE
    parts = data.given[0].hold_out(data.interactions)
    assert sorted(data.items.decode(parts.train.items)) == ["1", "2", "2", "3"]
    assert data.items.decode(parts.asked.targets.items) == ["4"]
    assert parts.asked.users.tolist() == [0]


def test_lists_in_an_order_of_their_own_keep_it_and_their_ends_validate(tmp_path: Path) -> None:
    files = {"train.txt": "0 9 10 3 4 8\n1 2 4\n", "test.txt": "0 1\n1 11 3\n"}
    data = read_dataset(write(tmp_path, files))
    assert rows_of(data)[:6] == [("0", item) for item in ("9", "10", "3", "4", "8", "1")]
    rule = data.given[0]
    parts = rule.twin.hold_out(rule.hold_out(data.interactions).past)
    assert data.items.decode(parts.asked.targets.items) == ["8"]
    assert data.items.decode(parts.train.items) == ["9", "10", "3", "4", "2", "4"]


def test_lists_by_id_have_no_order(tmp_path: Path) -> None:
    lines = {"train.txt": "0 " + " ".join(map(str, range(8, 30))) + "\n", "test.txt": "0 40 100\n"}
    data = read_dataset(write(tmp_path, lines))
    assert rows_of(data) != sorted(rows_of(data), key=lambda row: int(row[1]))


def test_sessions_with_prefixes_and_answers(tmp_path: Path) -> None:
    files = {"sessions.json": [[5, 6], [6, 6, 7]], "test.json": [[[5, 6], [7]], [8, 5]]}
    data = read_dataset(write(tmp_path, files))
    assert rows_of(data) == [("0", "5"), ("0", "6"), ("1", "6"), ("1", "6"), ("1", "7")]
    assert data.shown_again
    parts = data.given[0].hold_out(data.interactions)
    assert [data.items.decode(history) for history in parts.asked.histories] == [["5", "6"], ["7"]]
    assert data.items.decode(parts.asked.targets.items) == ["8", "5"]
    assert data.interactions.n_items == 4
    assert parts.asked.users.tolist() == [2, 3]


INTER = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"


def test_recbole_with_items_beside(tmp_path: Path) -> None:
    inter = INTER + "b\tx\t5\t881250949\na\ty\t3\t881250950\nb\ty\t1\t881250940\n"
    item = 'item_id:token\ttitle:token_seq\nx\tBlue "mug\ny\tBlue bowl\n'
    for data in (
        read_dataset(write(tmp_path, {"s.inter": inter, "s.item": item})),
        read_dataset(str(tmp_path / "s.inter")),
    ):
        assert rows_of(data) == [("b", "y"), ("b", "x"), ("a", "y")]
        assert data.interactions.weights.tolist() == [1, 5, 3]
        assert data.interactions.times[0] == 881250940 * 1_000_000
        assert data.relevant == 4.0
        assert data.content is not None
        assert data.content.matrix.shape == (2, 1)


def test_parquet_parts_with_validation(tmp_path: Path) -> None:
    def part(rows: list[tuple[int, int, int, int]]) -> dict[str, list[int]]:
        users, items, ratings, times = zip(*rows, strict=True)
        return {
            "user_id": list(users),
            "movie_id": list(items),
            "rating": list(ratings),
            "timestamp": list(times),
        }

    files = {
        "train_a.parquet": part([(1, 5, 4, 100), (1, 6, 5, 101), (2, 5, 4, 90)]),
        "val_a.parquet": part([(1, 7, 4, 200)]),
        "test_a.parquet": part([(2, 6, 4, 300)]),
    }
    data = read_dataset(write(tmp_path, files))
    (rule,) = data.given
    test = rule.hold_out(data.interactions)
    assert data.items.decode(test.asked.targets.items) == ["6"]
    assert len(test.train) == 4
    validation = rule.twin.hold_out(test.past)
    assert data.items.decode(validation.asked.targets.items) == ["7"]
    assert len(validation.train) == 3


def test_folds(tmp_path: Path) -> None:
    files = {"t1.dat": "1,10,5\n1,11,2\n", "t2.dat": "1,12,4\n1,13,1\n", "items.dat": "10\tx\n"}
    data = read_dataset(write(tmp_path, files))
    assert len(data.given) == 2
    first = data.given[0].hold_out(data.interactions)
    assert sorted(data.items.decode(first.train.items)) == ["12", "13"]
    assert data.items.decode(first.asked.targets.items) == ["10"]


def test_complete_journey(tmp_path: Path) -> None:
    transactions = {
        "household_id": [1, 1, 2],
        "product_id": [7, 8, 7],
        "quantity": [2, 0, 1],
        "sales_value": [3.0, 0.5, 1.0],
        "transaction_timestamp": pa.array([3_000, 2_000, 4_000], pa.timestamp("ns")),
    }
    products = {"product_id": [7], "product_type": ["ICE CREAM"], "brand": [None], "department": ["GROCERY"]}
    data = read_dataset(write(tmp_path, {"transactions.parquet": transactions, "products.parquet": products}))
    assert rows_of(data) == [("1", "7"), ("2", "7")]
    assert data.interactions.values.tolist() == [3.0, 1.0]
    assert data.interactions.times.tolist() == [3, 4]
    assert data.prices is not None
    assert data.prices.tolist() == [1.0]
    assert data.order is Order.DATES


CSV = """who,item_id,timestamp,rating,value
a,x,2026-01-02,5,1.5
b,y,2026-01-03T10:00:00,2,0
a,y,2026-01-01,4,2
"""


@pytest.mark.parametrize("kind", [".csv", ".parquet"])
def test_a_table_with_mapped_columns(tmp_path: Path, kind: str) -> None:
    header, *rows = (line.split(",") for line in CSV.splitlines())
    table: dict[str, Any] = {
        name: list(column) for name, column in zip(header, zip(*rows, strict=True), strict=True)
    }
    file = write(tmp_path, {f"t{kind}": CSV if kind == ".csv" else table}) + f"/t{kind}"
    data = read_dataset(file, {"user_id": "who"})
    assert rows_of(data) == [("a", "y"), ("a", "x"), ("b", "y")]
    assert data.interactions.weights.tolist() == [4, 5, 2]
    assert data.interactions.values.tolist() == [2, 1.5, 0]
    assert data.order is Order.DATES


def test_days_of_a_parquet_table_are_dates(tmp_path: Path) -> None:
    days = pa.array([19_000, 18_999], pa.int32()).cast(pa.date32())
    table = {"user_id": ["a", "a"], "item_id": ["x", "y"], "timestamp": days}
    data = read_dataset(write(tmp_path, {"t.parquet": table}) + "/t.parquet")
    assert rows_of(data) == [("a", "y"), ("a", "x")]
    assert data.interactions.times.tolist() == [18_999 * DAY, 19_000 * DAY]


def test_a_table_of_two_columns_is_in_the_order_of_its_rows(tmp_path: Path) -> None:
    data = read_dataset(write(tmp_path, {"t.csv": "user_id,item_id\na,x\nb,x\na,y\n"}) + "/t.csv")
    assert rows_of(data) == [("a", "x"), ("a", "y"), ("b", "x")]
    assert data.order is Order.PLACES


def test_a_file_of_events(tmp_path: Path) -> None:
    lines = ["user_id,item_id,event_type,timestamp", "a,x,view,1700000000", "a,y,purchase,1700000001"]
    data = read_dataset(write(tmp_path, {"e.csv": "\n".join(lines) + "\n"}) + "/e.csv")
    assert rows_of(data) == [("a", "x"), ("a", "y")]
    assert data.relevant == 1.0
    assert data.interactions.weights.tolist() == [0.2, 1.0]


def parquet(**columns: Any) -> dict[str, Any]:
    return {"household_id": [1], "product_id": [1], "quantity": [1], "sales_value": [1.0], **columns}


BROKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing": ({}, "", "is nothing that can be read: .*train.txt and test.txt"),
    "no file": ({}, "/no.csv", "there is no .*no.csv"),
    "a user twice": ({"s.txt": "a 1 2\nb 3\na 4\n"}, "/s.txt", "row 3: user a was in row 1 already; join"),
    "no items": ({"train.txt": "1\n", "test.txt": "1 2\n"}, "", "train.txt: holds no items"),
    "not JSON": ({"sessions.json": "[[1", "test.json": [[], []]}, "", r"sessions.json: is not \[\[item"),
    "answers too few": (
        {"sessions.json": [[1]], "test.json": [[[1]], []]},
        "",
        "has 1 prefixes and 0 answers",
    ),
    "an empty prefix": ({"sessions.json": [[1]], "test.json": [[[1], []], [1, 1]]}, "", "row 2: is an empty"),
    "attributes": ({"s.txt": "a 1 2\n", "s_item2attributes.json": [1]}, "/s.txt", "is not {item: "),
    "a rating in words": (
        {"s.inter": INTER + "a\tx\t5\t1\na\ty\tgood\t1\n"},
        "",
        "row 3: rating is not a finite",
    ),
    "NaN": ({"s.inter": INTER + "a\tx\tnan\t1\n"}, "", "row 2: rating is not a finite number; mend it"),
    "a short row": ({"s.inter": INTER + "a\tx\n"}, "", "cannot be read as a table: CSV parse error: Row #2"),
    "a missing column": (
        {"s.inter": "user_id:token\tx:token\na\tb\n"},
        "",
        "has no column item_id; it has user_id, x",
    ),
    "an empty id": ({"t.csv": "user_id,item_id\na,x\n,y\n"}, "/t.csv", "row 3: user_id is empty; fill it in"),
    "no date": (
        {"t.csv": "user_id,item_id,timestamp\na,x,soon\n"},
        "/t.csv",
        "row 2: timestamp is not a time; give",
    ),
    "no rows": ({"t.csv": "user_id,item_id\n"}, "/t.csv", "t.csv: holds no rows"),
    "no dates": ({"transactions.parquet": parquet()}, "", "has no column transaction_timestamp"),
    "no Parquet": ({"transactions.parquet": ""}, "", "is not a Parquet file"),
    "no item column": (
        {"train.parquet": {"user_id": [1]}, "test.parquet": {"user_id": [1]}},
        "",
        "has no column of items; call it one of item_id",
    ),
    "a fold": (
        {"f1.dat": "1,2,3\n", "f2.dat": "1,2,x\n"},
        "",
        "f2.dat, row 1: rating is not a finite number",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    files, inside, what = BROKEN[name]
    folder = write(tmp_path, {file: content for file, content in files.items() if content != ""})
    for file, content in files.items():
        if content == "":
            (tmp_path / file).write_text("")
    with pytest.raises(BadInputError, match=what) as told:
        read_dataset(folder + inside)
    assert len(str(told.value).splitlines()) == 1


def test_text_that_is_not_utf8_is_told_by_row(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_bytes(b"1 2\n3 \xff\n")
    (tmp_path / "test.txt").write_text("1 2\n")
    with pytest.raises(BadInputError, match=r"train.txt, row 2: is not UTF-8"):
        read_dataset(str(tmp_path))


@pytest.mark.parametrize(
    ("file", "columns", "what"),
    [
        ("t.csv", {"user_id": "nobody"}, "holds no event that can be used|has no column nobody"),
        ("t.csv", {"user": "who"}, "user is none of user_id, item_id"),
        ("train.txt", {"user_id": "who"}, "the columns of .* are known; leave it out"),
    ],
)
def test_columns_that_cannot_be_mapped(tmp_path: Path, file: str, columns: dict[str, str], what: str) -> None:
    write(tmp_path, {"t.csv": "user_id,item_id,who\na,x,b\n", "train.txt": "1 2\n"})
    with pytest.raises(BadInputError, match=what):
        read_dataset(str(tmp_path / file), columns)


def test_a_given_split_holds_for_the_rows_that_are_kept(tmp_path: Path) -> None:
    data = read_dataset(write(tmp_path, {"t1.dat": "1,10,5\n1,11,2\n", "t2.dat": "1,12,4\n"}))
    liked = data.at_least(4.0)
    assert sorted(rows_of(liked)) == [("1", "10"), ("1", "12")]
    first = liked.given[0].hold_out(liked.interactions)
    assert liked.items.decode(first.asked.targets.items) == ["10"]
    with pytest.raises(BadInputError, match="leaves nothing"):
        data.at_least(6.0)
