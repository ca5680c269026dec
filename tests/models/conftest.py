from collections.abc import Sequence

import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models.learner import Scorer
from equipoise.random import derive


def orders(
    rows: Sequence[Sequence[int]], n_items: int, times: Sequence[Sequence[int]] | None = None
) -> Interactions:
    """One history a user; the time of each item is its place unless `times` are given."""
    lengths = [len(row) for row in rows]
    n = sum(lengths)
    when = [range(length) for length in lengths] if times is None else times
    return Interactions(
        users=np.repeat(np.arange(len(rows)), lengths),
        items=np.array([item for row in rows for item in row], np.int64),
        times=np.array([time for row in when for time in row], np.int64),
        weights=np.ones(n),
        values=np.ones(n),
        n_users=len(rows),
        n_items=n_items,
    )


class Departments:
    """A planted shop: items 0-9, 10-19, 20-29 are three departments, and each user shops in one."""

    n_items = 30

    def __init__(self) -> None:
        rng = derive(4)
        self.rows = [10 * (user % 3) + rng.permutation(10)[:6] for user in range(90)]
        self.data = orders([row.tolist() for row in self.rows], self.n_items)

    def precision(self, scorer: Scorer) -> float:
        """Return the share of the best 5 for 2 items of a department that are of that department."""
        asked = Histories.of([[10 * department, 10 * department + 1] for department in range(3)])
        return float((scorer.top(asked, 5).items // 10 == np.arange(3)[:, None]).mean())


@pytest.fixture(scope="session")
def departments() -> Departments:
    return Departments()
