"""The published data sets as they are, against the counts in their SOURCE.md."""

import os
from pathlib import Path

import numpy as np
import pytest

from equipoise.data.dataset import Order
from equipoise.data.foreign import read_dataset

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
