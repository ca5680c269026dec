"""`equipoise evaluate`: data sets as they are, every split, settings of models, and what goes wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from equipoise.errors import BadInputError
from equipoise.random import derive

Run = Callable[..., Result]
DAY = 86_400


@pytest.fixture
def orders(folder: Path) -> Path:
    """Two tastes, forty users, ten items of the taste in a random order, one a day."""
    rows = ["user_id,item_id,timestamp,rating"]
    for user in range(40):
        for day, item in enumerate(derive(8, user).permutation(12)[:10]):
            rows.append(f"u{user},i{user % 2 * 12 + item},{1_600_000_000 + day * DAY + user},{4 + day % 2}")
    rows += [f"u{user},new,{1_600_000_000 + 10 * DAY},5" for user in range(5)]
    (folder / "orders.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture
def listed(folder: Path) -> Path:
    """The same in two files of lists."""
    (folder / "lists").mkdir()
    whole = [derive(8, user).permutation(12) + user % 2 * 12 for user in range(40)]
    for name, part in (("train", slice(0, 8)), ("test", slice(8, 10))):
        lines = [" ".join(map(str, (user, *items[part]))) for user, items in enumerate(whole)]
        (folder / "lists" / f"{name}.txt").write_text("\n".join(lines) + "\n")
    return folder


def evaluated(run: Run, *arguments: str) -> dict[str, Any]:
    assert run("evaluate", *arguments, "--k", "3", "--json", "out.json").exit_code == 0
    found: dict[str, Any] = json.loads(Path("out.json").read_text())
    return found


@pytest.mark.parametrize(
    ("split", "folds"),
    [("time", 1), ("leave-last-out", 1), ("users", 1), ("kfold", 5), ("new-items", 1)],
)
def test_every_split_by_name(run: Run, orders: Path, split: str, folds: int) -> None:
    models = "popularity,ease(reg=1.0)"
    found = evaluated(run, "orders.csv", "--split", split, "--models", models, "--days", "3")
    assert found["split"]["kind"] == split
    assert found["split"]["folds"] == folds
    assert len(found["models"]) == 2 * folds
    row = found["models"][-1]
    assert (row["model"], row["settings"], row["fold"]) == ("ease(reg=1.0)", {"reg": 1.0}, folds - 1)
    assert {"ndcg@3", "recall@3", "revenue@3", "coverage@3", "diversity@3", "novelty@3", "auc"} <= row[
        "metrics"
    ].keys()
    assert min(row["fit_seconds"], row["score_seconds"], row["peak_memory_mb"]) >= 0
    if split != "new-items":
        assert found["models"][1]["metrics"]["ndcg@3"] > found["models"][0]["metrics"]["ndcg@3"]


def test_new_items_need_nothing_to_be_new_by_date(run: Run, listed: Path) -> None:
    found = evaluated(run, "lists", "--split", "new-items", "--models", "popularity")
    assert found["split"]["kind"] == "new-items"


def test_the_default_split_is_what_the_data_offers(run: Run, orders: Path, listed: Path) -> None:
    assert evaluated(run, "orders.csv", "--models", "popularity", "--days", "3")["split"]["kind"] == "time"
    found = evaluated(run, "lists", "--models", "popularity,ease(reg=1)", "--seeds", "2")
    assert found["split"]["kind"] == "given"
    assert found["split"]["exclude_seen"]
    assert [row["seed"] for row in found["models"]] == [7, 7, 8, 8]
    (test,) = found["comparisons"]
    assert (test["first"], test["second"], test["metric"]) == ("popularity", "ease(reg=1)", "ndcg@3")
    assert test["low"] <= test["difference"] <= test["high"]
    assert test["difference"] < 0
    assert 0 <= test["p"] <= test["p_holm"] < 0.01


def test_it_says_the_split_the_spread_and_the_costs(run: Run, listed: Path) -> None:
    told = run("evaluate", "lists", "--models", "popularity,ease", "--k", "3,5", "--seeds", "2").stdout
    for words in (
        "given, the best this data offers",
        "already met are excluded",
        "fit s",
        "score s",
        "peak MB",
    ):
        assert words in told
    assert "± is the standard deviation over 2 seeds" in told
    assert "paired t-tests on the same users" in told
    assert told.count("Best ") == 3
    assert "diversity" in told


def test_sessions_may_see_an_item_again(run: Run, folder: Path) -> None:
    sessions = [[1, 2, 1], [2, 1, 2], [3, 4, 3], [4, 3, 4]] * 5
    (folder / "sessions.json").write_text(json.dumps(sessions))
    (folder / "test.json").write_text(json.dumps([[[1, 2], [3, 4]], [1, 3]]))
    found = evaluated(run, ".", "--models", "item_knn")
    assert not found["split"]["exclude_seen"]
    assert evaluated(run, ".", "--models", "popularity", "--no-exclude-seen")["split"]["kind"] == "given"


def test_few_questions_and_only_high_ratings(run: Run, orders: Path) -> None:
    found = evaluated(
        run, "orders.csv", "--models", "popularity", "--days", "3", "--questions", "9", "--min-weight", "5"
    )
    assert found["split"]["asked_users"] == 9
    assert found["split"]["train_interactions"] < 40 * 7


def test_columns_of_other_names(run: Run, orders: Path) -> None:
    text = (orders / "orders.csv").read_text().replace("user_id", "who")
    (orders / "orders.csv").write_text(text)
    found = evaluated(run, "orders.csv", "--map", "user_id=who", "--models", "popularity", "--days", "3")
    assert found["split"]["kind"] == "time"


def test_models_from_a_file(run: Run, orders: Path) -> None:
    (orders / "models.toml").write_text(
        '[[model]]\nname = "ease"\nlabel = "strict"\nreg = 1000.0\n[[model]]\nname = "popularity"\n'
    )
    found = evaluated(run, "orders.csv", "--config", "models.toml", "--models", "ease", "--days", "3")
    assert [row["model"] for row in found["models"]] == ["ease", "strict", "popularity"]


def test_a_picture(run: Run, orders: Path) -> None:
    done = run("evaluate", "orders.csv", "--models", "popularity,ease", "--days", "3", "--plot", "out.png")
    assert done.exit_code == 0
    assert (orders / "out.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--models", "ease(reg=0)"], "reg: must be above 0"),
        (["--models", "ease(rge=1)"], "ease: has no hyperparameter 'rge'; it has reg"),
        (["--models", "ease(reg)"], "write each setting as name=value"),
        (["--models", "ease(reg=much)"], "ease: cannot be made with these settings"),
        (["--models", "ease("], "is not NAME or NAME"),
        (["--models", "ease,ease"], "ease is named twice"),
        (
            ["--models", "ease(content=data)"],
            "ease: has no hyperparameter 'content'|tell nothing of their items",
        ),
        (["--config", "no.toml"], "no.toml cannot be read"),
        (["--config", "orders.csv"], "orders.csv is not TOML"),
        (["--config", "empty.toml"], r"must have \[\[model\]\] tables"),
        (["--split", "given"], "orders comes without a split; use time"),
        (["--min-weight", "6"], "--min-weight: 6 leaves nothing"),
        (["--models", "popularity", "--days", "3", "--plot", "no/out.png"], "--plot: cannot write"),
        (["--models", "popularity", "--days", "3", "--plot", "out.jpx"], "--plot: cannot write"),
        (["--map", "user_id"], "write it as OUR_FIELD=THEIR_COLUMN"),
        (["--split", "kfold", "--folds", "1"], "--folds: must be at least 2"),
    ],
)
def test_bad_input_is_one_line(run: Run, orders: Path, arguments: list[str], what: str) -> None:
    (orders / "empty.toml").write_text("")
    with pytest.raises(BadInputError, match=what) as told:
        run("evaluate", "orders.csv", *arguments)
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("split", "what"),
    [("time", "has no dates to split by; use given"), ("leave-last-out", "nobody knows which item")],
)
def test_a_split_that_the_data_cannot_have(run: Run, listed: Path, split: str, what: str) -> None:
    with pytest.raises(BadInputError, match=what):
        run("evaluate", "lists", "--split", split)
