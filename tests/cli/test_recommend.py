import json
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import BadInputError
from equipoise.events.sqlite import SQLiteLog


def test_it_prints_a_slate_of_named_products_and_logs_nothing(trained: Path, run: Any) -> None:
    result = run("recommend", "--user-id", "u1", "--k", "5", "--json", "slate.json")
    assert result.exit_code == 0
    assert "Mug number" in result.output
    told = json.loads((trained / "slate.json").read_text())
    assert [choice["position"] for choice in told["items"]] == [0, 1, 2, 3, 4]
    with SQLiteLog(trained / "equipoise-data" / "log.db") as log:
        assert log.counts()["decisions"] == 0


def test_it_says_what_each_is_shown_for(trained: Path, run: Any) -> None:
    result = run("recommend", "--user-id", "u1", "--k", "5", "--explain", "--json", "slate.json")
    assert "because" in result.output
    told = json.loads((trained / "slate.json").read_text())["items"]
    met = {f"i{code}" for code in range(1, 30, 2)}
    assert any(choice["because"] for choice in told)
    assert all(set(choice["because"]) <= met for choice in told)


def test_a_variant_and_an_item_may_be_named(trained: Path, run: Any) -> None:
    assert run("recommend", "--session-id", "s", "--item-id", "i3", "--variant", "policy").exit_code == 0


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--k", "5"], "--user-id"),
        (["--user-id", "u1", "--k", "0"], "--k"),
        (["--user-id", "u1", "--variant", "best"], "--variant"),
        (["--user-id", ""], "--user-id"),
    ],
)
def test_a_bad_option_is_named(trained: Path, options: list[str], named: str, run: Any) -> None:
    with pytest.raises(BadInputError) as refusal:
        run("recommend", *options)
    assert refusal.value.field == named


def test_without_a_log_it_says_what_to_do(folder: Path, run: Any) -> None:
    with pytest.raises(BadInputError, match="equipoise ingest"):
        run("recommend", "--user-id", "u1")
    assert list(folder.iterdir()) == []


def test_without_a_recommender_it_says_what_to_do(folder: Path, run: Any) -> None:
    SQLiteLog(folder / "equipoise-data" / "log.db").close()
    with pytest.raises(BadInputError, match="equipoise train"):
        run("recommend", "--user-id", "u1")
