from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.sources.table import read_table

ROWS = """when,shown,slot,clicked,p,age,kind
1,shoe,1,1,0.5,20,a
1,hat,2,0,0.25,30,b
2,shoe,1,0,0,40,a
2,,1,0,0.5,40,a
3,hat,2,,0.25,50,b
3,coat,1,1,2,20,a
4,coat,2,1,0.125,20,
"""
MAP = {"action": "shown", "reward": "clicked", "propensity": "p", "position": "slot", "context": "age,kind"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(ROWS)
    return path


def test_columns_of_other_names_and_rows_that_cannot_be_used(file: Path) -> None:
    found = read_table(file, MAP)
    assert found.names == ("coat", "hat", "shoe")
    log = found.accepted.log
    np.testing.assert_array_equal(log.actions, [2, 1, 0])
    np.testing.assert_array_equal(log.rewards, [1.0, 0.0, 1.0])
    assert log.positions is not None
    assert log.contexts is not None
    np.testing.assert_array_equal(log.positions, [0, 1, 1])
    np.testing.assert_array_equal(log.contexts[:, 0], [20, 30, 20])
    assert found.accepted.refused == {
        "action outside the candidates": 1,
        "propensity 0 or below": 1,
        "propensity above 1": 1,
        "reward is no finite number": 1,
    }


def test_lists_are_contexts_and_ids_must_differ(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    table = pa.table(
        {
            "id": ["x", "y", "x"],
            "action": [1, 2, 1],
            "reward": [1.0, 0.0, 1.0],
            "propensity": [0.5, 0.5, 0.5],
            "context": [[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]],
            "target_p": [0.1, 0.2, 0.3],
        }
    )
    pq.write_table(table, path)
    found = read_table(path)
    assert found.accepted.refused == {"id seen before": 1}
    np.testing.assert_array_equal(found.accepted.log.contexts, [[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(found.chances("target_p"), [0.1, 0.2])
    with pytest.raises(BadInputError, match="no column other"):
        found.chances("other")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"reward": "clicks"}, "has no column clicks; name it with --map reward=COLUMN"),
        ({}, "name it with --map action=COLUMN"),
        ({"who": "age"}, "who is no column of a log"),
    ],
)
def test_a_wrong_map_is_told(columns: dict[str, str], words: str, file: Path) -> None:
    with pytest.raises(BadInputError, match=words):
        read_table(file, MAP | columns if columns.keys() == {"reward"} else columns)


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    for name, content in (("log.txt", "x"), ("log.parquet", "x"), ("log.csv", "")):
        path = tmp_path / name
        path.write_text(content)
        with pytest.raises(BadInputError, match="--log"):
            read_table(path)
