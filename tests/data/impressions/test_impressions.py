import dataclasses
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from equipoise.data.histories import Histories
from equipoise.data.impressions import RankingRows, Schema, TableColumns, by_time, read_rows
from equipoise.data.impressions.before import Before
from equipoise.data.impressions.online_retail import LABEL_DAYS
from equipoise.data.impressions.split import DAY
from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import BadInputError
from equipoise.random import derive


def of(n: int = 10) -> RankingRows:
    return RankingRows.of_columns(
        numeric={"price": np.arange(n, dtype=np.float64)},
        categorical={"item": [f"i{row % 3}" for row in range(n)]},
        targets={"click": (np.arange(n) % 2).astype(np.float64)},
        times=np.arange(n) * DAY,
        users=np.arange(n) % 4,
    )


def test_columns_are_sorted_by_time_and_coded() -> None:
    rows = RankingRows.of_columns(
        numeric={"price": np.array([1.0, np.nan])},
        categorical={"item": ["b", "a"]},
        targets={"click": np.array([1.0, 0.0])},
        times=np.array([20, 10]),
        users=np.array([5, 6]),
    )
    assert rows.schema.vocabularies == (Vocabulary(("a", "b")),)
    assert rows.categorical.tolist() == [[0], [1]]
    assert np.isnan(rows.numeric[0, 0])
    assert rows.users.tolist() == [6, 5]


def test_another_table_is_coded_as_the_first() -> None:
    again = RankingRows.of_columns(
        numeric={"price": np.zeros(2)},
        categorical={"item": ["i2", "new"]},
        targets={"click": np.zeros(2)},
        times=np.arange(2),
        users=np.arange(2),
        schema=of().schema,
    )
    assert again.categorical.tolist() == [[2], [-1]]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadInputError, match="price: the column is missing"):
        RankingRows.of_columns(
            numeric={},
            categorical={"item": ["i2"]},
            targets={"click": np.zeros(1)},
            times=np.arange(1),
            users=np.arange(1),
            schema=of().schema,
        )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"targets": np.full((10, 1), 0.5, np.float32)}, "targets: must be 0 or 1"),
        ({"targets": np.full((10, 1), np.nan, np.float32)}, "targets: must be 0 or 1"),
        ({"categorical": np.full((10, 1), 3)}, "outside its vocabulary"),
        ({"numeric": np.full((10, 1), np.inf, np.float32)}, "write NaN"),
        ({"times": np.arange(10)[::-1]}, "sort the rows by time"),
        ({"users": np.arange(9)}, r"must be of shape \(10,\)"),
        ({"histories": Histories.of([[0]] * 10)}, "belong to a schema with n_items"),
    ],
)
def test_broken_rows_are_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        dataclasses.replace(of(), **changed)  # type: ignore[arg-type]


def test_broken_schemas_are_refused() -> None:
    with pytest.raises(BadInputError, match="two columns have this name"):
        Schema(numeric=("click",), targets=("click",))
    with pytest.raises(BadInputError, match="at least one column"):
        Schema(targets=())


def test_histories_go_with_their_rows() -> None:
    histories = Histories.of([[0], [1, 2], [], [3]])
    rows = RankingRows(
        schema=Schema(targets=("click",), n_items=4, n_kinds=9),
        numeric=np.zeros((4, 0), np.float32),
        categorical=np.zeros((4, 0), np.int64),
        targets=np.zeros((4, 1), np.float32),
        times=np.arange(4),
        users=np.arange(4),
        histories=histories,
        kinds=np.array([5, 6, 7, 8]),
    )
    some = rows.take(np.array([1, 2, 3]))
    assert some.histories is not None
    assert [row.tolist() for row in some.histories] == [[1, 2], [], [3]]
    assert some.codes.tolist() == [6, 7, 8]


def test_no_part_reaches_into_a_later_one() -> None:
    parts = by_time(of(100), validation=0.2, test=0.2, gap_days=3)
    assert parts.train.times.max() < parts.validation.times.min() - 3 * DAY
    assert parts.validation.times.max() < parts.test.times.min() - 3 * DAY
    assert len(parts.test) == 20


def test_rows_of_one_moment_stay_together() -> None:
    rows = dataclasses.replace(of(), times=np.repeat([0, 1, 2], [4, 3, 3]))
    parts = by_time(rows, validation=0.3, test=0.2)
    assert [set(part.times) for part in (parts.train, parts.validation, parts.test)] == [{0}, {1}, {2}]


def test_only_what_came_strictly_before_is_counted() -> None:
    keys, times = np.array([1, 1, 2, 1, 1]), np.array([10, 20, 5, 20, 30])
    clicks = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    back = Before.of(keys, times)
    assert back.count().tolist() == [0, 1, 0, 1, 3]
    assert back.total(clicks).tolist() == [0, 1, 0, 1, 2]
    assert back.total(clicks, last=1).tolist() == [0, 1, 0, 1, 1]
    assert back.places(2).tolist() == [[-1, -1], [-1, 0], [-1, -1], [-1, 0], [1, 3]]
    np.testing.assert_array_equal(back.since(times), [np.nan, 10, np.nan, 10, 10])


def test_counts_agree_with_a_slow_count() -> None:
    rng = derive(3)
    keys, times, values = rng.integers(0, 5, 200), rng.integers(0, 50, 200), rng.random(200)
    slow = [values[(keys == key) & (times < time)].sum() for key, time in zip(keys, times, strict=True)]
    np.testing.assert_allclose(Before.of(keys, times).total(values), slow, atol=1e-9)


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "shown.csv"
    path.write_text("timestamp,who,item,price,click\n2024-01-02,a,x,1.5,1\n2024-01-01,b,y,,0\n")
    rows = read_rows(str(path), TableColumns(targets=["click"], user="who")).rows
    assert rows.schema.numeric == ("price",)
    assert rows.schema.categorical == ("item",)
    assert rows.targets.ravel().tolist() == [0, 1]
    assert np.isnan(rows.numeric[0, 0])


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        ("timestamp,item,click\n2024-01-01,x,2\n", "click", "targets: must be 0 or 1"),
        ("timestamp,item\n2024-01-01,x\n", "click", "has no such column"),
        ("timestamp,click\n2024-01-01,1\n", "click", "nothing to predict from"),
        ("timestamp,item,click\nsoon,x,1\n", "click", "row 2"),
        ("timestamp,item,click\n2024-01-01,x,\n", "click", "row 2: click"),
    ],
)
def test_broken_tables_are_refused(tmp_path: Path, text: str, target: str, message: str) -> None:
    (tmp_path / "shown.csv").write_text(text)
    with pytest.raises(BadInputError, match=message):
        read_rows(str(tmp_path / "shown.csv"), TableColumns(targets=[target]))


def test_what_is_nothing_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="there is no"):
        read_rows(str(tmp_path / "nowhere"))
    with pytest.raises(BadInputError, match="neither KuaiRand"):
        read_rows(str(tmp_path))


def test_orders_know_only_what_was_before_them(tmp_path: Path) -> None:
    minutes = np.array([0, 10, 40, 100, 200]) * 24 * 60
    table = pa.table(
        {
            "InvoiceNo": ["1", "2", "C3", "4", "5"],
            "StockCode": ["10001", "10002", "10001", "10001", "10001"],
            "Description": ["A", "B", "A", "A", "A"],
            "Quantity": [1, 2, -1, 1, 1],
            "InvoiceDate": pa.array(minutes * 60_000_000 + 10**15, pa.timestamp("us")),
            "UnitPrice": [2.0, 3.0, 2.0, 2.0, 2.0],
            "CustomerID": [7.0, 7.0, 7.0, 7.0, 8.0],
            "Country": ["UK"] * 5,
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")
    read = read_rows(str(tmp_path))
    rows = read.rows
    assert read.label_days == LABEL_DAYS
    assert rows.targets.tolist() == [[1, 0], [0, 1], [0, 0]]
    named = dict(zip(rows.schema.numeric, rows.numeric.T.tolist(), strict=True))
    assert named["orders_before"] == [0, 1, 2]
    assert named["refunds_before"] == [0, 0, 1]
    assert named["days_since"][1:] == [10, 90]
    assert named["value_before"] == [0, 2, 8]
