"""`equipoise rank` on a table of one's own."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.errors import BadInputError
from equipoise.random import derive


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng, path = derive(4), tmp_path / "shown.csv"
    lines = ["timestamp,who,item,price,click,buy"]
    for row in range(600):
        item = int(rng.integers(4))
        click = int(rng.random() < (0.2, 0.3, 0.6, 0.8)[item])
        lines.append(
            f"{1_700_000_000 + row * 3600},u{rng.integers(50)},i{item},{item * 1.5},{click},{click & row % 2}"
        )
    path.write_text("\n".join(lines) + "\n")
    return path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["rank", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_models_are_compared_on_later_rows(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    told = run(
        str(table), "--target", "click,buy", "--user", "who", "--json", str(out), "--draws", "20",
        "--models", "mean_rate,logistic(reg=1),calibrated(learner=logistic,method=isotonic)", "--seeds", "2",
    )  # fmt: skip
    found = json.loads(out.read_text())
    assert "click" in told
    assert "buy" in told
    assert [one["model"] for one in found["models"][::2]] == [
        "mean_rate",
        "logistic(reg=1)",
        "calibrated(learner=logistic, method=isotonic)",
    ]
    best = found["models"][2]["metrics"]["click"]
    assert best["auc"]["value"] > 0.65
    assert best["auc"]["low"] < best["auc"]["value"] < best["auc"]["high"]
    assert set(best) == {"auc", "log_loss", "accuracy", "ece"}
    assert found["split"]["train_rows"] + found["split"]["asked_rows"] == 600


def test_validation_is_judged_without_the_test(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    run(str(table), "--target", "click", "--models", "mean_rate", "--on", "validation", "--json", str(out))
    assert json.loads(out.read_text())["split"]["train_rows"] == 420


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "click", "--models", "oracle"], "no ranker is called 'oracle'; choose from calibrated"),
        (["--target", "click", "--models", "dcn_v2(depth=3)"], "no hyperparameter 'depth'"),
        (["--target", "sale"], "has no such column"),
        (["--target", "price"], "targets: must be 0 or 1"),
        ([], "say with --target"),
        (["--target", "click", "--test", "0.9"], "leave something to learn from"),
        (["--target", "click", "--on", "train"], "must be test or validation"),
        (["--target", "click", "--models", "mean_rate", "--time", "when"], "has no such column"),
    ],
)
def test_bad_input_is_one_clear_line(table: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        run(str(table), *arguments)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="there is no"):
        run(str(tmp_path / "gone.csv"), "--target", "click")


def test_intervals_are_reproducible() -> None:
    from equipoise.evaluation.prediction import Judge

    judge = Judge(outcomes=np.array([0.0, 1.0, 1.0, 0.0]), users=np.arange(4), draws=20)
    predicted = np.array([0.2, 0.7, 0.4, 0.5])
    assert judge.figures(predicted) == judge.figures(predicted)
