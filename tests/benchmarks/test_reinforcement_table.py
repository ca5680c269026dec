"""The table of long-term values: means over seeds, and who is compared with whom."""

import json
from pathlib import Path

import pytest

from reinforcement_table import margins, returns, table

EARNED = {"slate_q": (3.0, 4.0), "lin_ucb": (2.0, 2.0), "lin_greedy": (1.0, 2.5), "greedy": (9.0, 9.0)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, earned in EARNED.items():
        for seed, value in enumerate(earned):
            (tmp_path / f"online-{name}-{seed}.json").write_text(json.dumps({"return": value}))
    return tmp_path


def test_whoever_earns_most_is_on_top(folder: Path) -> None:
    rows = table(returns(folder)).splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == ["greedy", "slate_q", "lin_ucb", "lin_greedy"]
    assert "| 3.50 ± 6.35 | 2 |" in rows[1]


def test_the_best_bandit_is_found_seed_by_seed_among_those_that_learn(folder: Path) -> None:
    told = margins(returns(folder), "slate_q")
    assert [line.split(" % more than ")[1] for line in told] == [
        "`lin_greedy` (2 seeds)",
        "`lin_ucb` (2 seeds)",
        "the best bandit of each seed (2 seeds)",
    ]
    assert told[-1].startswith("`slate_q` earns 55.0 ±")
