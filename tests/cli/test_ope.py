import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.errors import BadInputError

runner = CliRunner()


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three actions, shown uniformly, of which the last is clicked most."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    actions = rng.integers(3, size=6_000)
    clicks = (rng.random(6_000) < np.array([0.1, 0.2, 0.4])[actions]).astype(int)
    wanted = np.array([0.1, 0.2, 0.7])[actions]
    rows = zip(actions, clicks, wanted, strict=True)
    lines = ["item,click,p,wanted", *(f"i{a},{c},0.3333333333,{w}" for a, c, w in rows), "i1,1,0,0.2"]
    path = tmp_path / "shown.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


MAP = ["--map", "action=item", "--map", "reward=click", "--map", "propensity=p"]


def ope(*arguments: str) -> str:
    result = runner.invoke(app, ["ope", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_a_table_is_judged_told_drawn_and_written(table: Path) -> None:
    said = ope(
        "--log", str(table), *MAP, "--target", "column:wanted,greedy,uniform,logged",
        "--estimators", "auto,ips,doubly_robust,replay", "--json", "out.json", "--plot", "out.svg",
    )  # fmt: skip
    result = json.loads(Path("out.json").read_text())
    assert result["log"] == str(table)
    assert result["refused"] == {"propensity 0 or below": 1}
    rows = {(row["target"], row["estimator"]): row for row in result["estimates"]}
    wanted, greedy = rows["column:wanted", "ips"], rows["greedy", "auto"]
    assert wanted["low"] < 0.33 < wanted["high"]
    assert wanted["supported"]
    assert greedy["low"] < 0.4 < greedy["high"]
    assert rows["column:wanted", "doubly_robust"]["value"] is None
    assert {"target", "estimator", "value", "low", "high", "ess", "supported", "why"} <= greedy.keys()
    assert "This log can tell: greedy earns more" in said
    assert "rows refused: propensity 0 or below (1)" in said
    assert Path("out.svg").read_text().startswith("<svg")


@pytest.mark.parametrize("interval", ["studentised", "normal", "bernstein", "betting", "asymptotic"])
def test_intervals_by_name(interval: str, table: Path) -> None:
    ope(
        "--log",
        str(table),
        *MAP,
        "--target",
        "greedy",
        "--estimators",
        "ips",
        "--interval",
        interval,
        "--json",
        "o",
    )
    row = json.loads(Path("o").read_text())["estimates"][0]
    assert row["low"] < 0.4 < row["high"]


def test_what_the_log_cannot_tell_is_said(table: Path) -> None:
    said = ope("--log", str(table), *MAP, "--target", "greedy", "--least-ess", "5000", "--json", "o.json")
    assert "This log cannot tell what greedy is worth" in said
    assert not json.loads(Path("o.json").read_text())["estimates"][0]["supported"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--target", "nobody"], "there is no 'nobody'"),
        (["--target", " "], "names no policy"),
        (["--target", "greedy", "--estimators", "magic"], "there is no 'magic'"),
        (["--target", "greedy", "--interval", "magic"], "there is no 'magic'"),
        (["--target", "lin_ucb"], "reads features of every candidate"),
        (["--target", "column:missing"], "no column missing"),
        (["--target", "greedy", "--plot", "out.png"], "out.svg"),
    ],
)
def test_bad_input_is_one_clear_line(arguments: list[str], words: str, table: Path) -> None:
    with pytest.raises(BadInputError, match=words):
        ope("--log", str(table), *MAP, *arguments)


def test_a_log_that_is_none_is_told(table: Path) -> None:
    with pytest.raises(BadInputError, match="there is no missing"):
        ope("--log", "missing", "--target", "greedy")
    with pytest.raises(BadInputError, match="no open-bandit folder"):
        ope("--log", str(table.parent), "--target", "greedy")


def test_help_has_an_example() -> None:
    assert "Example: equipoise ope" in ope("--help")


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three actions, shown uniformly; which of the first two is clicked depends on the context."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    contexts, actions = rng.choice([-1.0, 1.0], 6_000), rng.integers(3, size=6_000)
    liked = np.where(actions == 2, 0.2, np.where((contexts > 0) == (actions == 0), 0.6, 0.0))
    clicks = (rng.random(6_000) < liked).astype(int)
    rows = zip(contexts, actions, clicks, strict=True)
    lines = ["x,action,reward,propensity", *(f"{x},i{a},{r},0.3333333333" for x, a, r in rows)]
    path = tmp_path / "told.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_policy_learned_from_a_table_is_judged_on_its_newer_part(told: Path) -> None:
    maps = ["--map", "context=x"]
    learned = runner.invoke(
        app, ["learn", "--log", str(told), *maps, "--out", "learned"], catch_exceptions=False
    )
    assert learned.exit_code == 0, learned.output
    ope("--log", str(told), *maps, "--target", "learned,logged", "--json", "out.json")
    result = json.loads(Path("out.json").read_text())
    rows = {row["target"]: row for row in result["estimates"]}
    assert result["rounds"] == 3_000
    assert rows["learned"]["value"] > 0.5
    assert rows["logged"]["value"] < 0.3


def test_a_policy_learned_from_other_actions_is_refused(told: Path) -> None:
    learned = ["learn", "--log", str(told), "--map", "context=x", "--out", "learned"]
    assert runner.invoke(app, learned, catch_exceptions=False).exit_code == 0
    other = Path("other.csv")
    other.write_text(told.read_text().replace("i2", "i9"))
    with pytest.raises(BadInputError, match="other items"):
        ope("--log", str(other), "--map", "context=x", "--target", "learned")


def test_a_policy_learned_from_the_whole_table_has_nothing_left_to_judge_it_by(told: Path) -> None:
    learned = ["learn", "--log", str(told), "--map", "context=x", "--share", "1", "--out", "learned"]
    assert runner.invoke(app, learned, catch_exceptions=False).exit_code == 0
    with pytest.raises(BadInputError, match="smaller --share"):
        ope("--log", str(told), "--map", "context=x", "--target", "learned")
