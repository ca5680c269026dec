"""The published data sets as they are, against the counts in their SOURCE.md."""

import os
from pathlib import Path

import numpy as np
import pytest

from equipoise.data.dataset import Order
from equipoise.data.foreign import read_dataset
from equipoise.data.splits import LeaveLastOut

DATA = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data"))
COUNTS = {
    "amazon/Beauty.txt": (198_502, 22_363, 12_101, Order.PLACES),
    "movielens-100k": (100_000, 943, 1_682, Order.DATES),
    "movielens-1m-folds": (1_000_209, 6_040, 3_706, Order.NONE),
    "movielens-1m-time": (518_897, 5_398, 3_522, Order.DATES),
    "gowalla": (1_027_370, 29_858, 40_981, Order.NONE),
    "retailrocket-sessions": (685_984, 126_168, 36_968, Order.PLACES),
    "complete-journey": (1_460_438, 2_469, 68_260, Order.DATES),
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_published_set_is_read_whole(name: str) -> None:
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not in {DATA}; set EQUIPOISE_DATA to the folder that has it")
    data = read_dataset(str(DATA / name))
    made = data.interactions
    assert (len(made), made.n_users, made.n_items, data.order) == COUNTS[name]
    assert len(np.unique(made.users)) == made.n_users
    for rule in data.given:
        parts = rule.hold_out(made)
        assert len(parts.asked) > 0
        assert len(rule.twin.hold_out(parts.past).asked) > 0


def test_leave_last_out_on_a_published_set_is_the_published_protocol() -> None:
    path = DATA / "amazon" / "Beauty.txt"
    if not path.exists():
        pytest.skip(f"{path} is not there; set EQUIPOISE_DATA to the folder that has it")
    rows = [line.split()[1:] for line in path.read_text().splitlines()]
    data = read_dataset(str(path))
    names = np.array(data.items.ids)
    test = LeaveLastOut().hold_out(data.interactions)
    validation = LeaveLastOut().twin.hold_out(test.past)
    for parts, last in ((test, 1), (validation, 2)):
        assert [names[items].tolist() for items in parts.train.histories()] == [row[:-2] for row in rows]
        assert [names[items].tolist() for items in parts.asked.histories] == [row[:-last] for row in rows]
        assert names[parts.asked.targets.items].tolist() == [row[-last] for row in rows]
