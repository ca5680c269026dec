"""`equipoise train` and `equipoise evaluate`, as a person at a terminal meets them."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.cli import main
from equipoise.events.facts import Event, Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.models.neural.scorer import SequenceScorer
from equipoise.models.neural.trainer import Trainer
from equipoise.random import derive
from equipoise.recommenders.published import Published
from equipoise.store import ArtifactStore

DAY = 86_400_000_000
Run = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def inside(*arguments: str, at: Path = folder) -> Done:
        monkeypatch.chdir(at)
        monkeypatch.setenv("EQUIPOISE_STORAGE_FOLDER", "shop")
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["equipoise", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return inside


def bought(user: int, day: int, item: int) -> Event:
    return Event(
        event_id=f"{user}-{day}",
        event_type="purchase",
        timestamp=1_600_000_000_000_000 + day * DAY + user,
        user_id=f"u{user}",
        item_id=f"i{user % 2 * 10 + item}",
        value=2.0,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cli")
    events = [
        bought(user, day, int(item))
        for user in range(30)
        for day, item in enumerate(derive(8, user).permutation(10)[:8])
    ]
    items = [Item(item_id=f"i{code}", timestamp=1, title=f"thing {code}") for code in range(20)]
    with SQLiteLog(place / "shop" / "log.db") as log:
        log.append([*items, *events])
    lines = ["user_id,item_id,event_type,timestamp,value"]
    lines += [f"{e.user_id},{e.item_id},purchase,{e.timestamp // 1_000_000},2.0" for e in events]
    (place / "events.csv").write_text("\n".join(lines) + "\n")
    return place


def read(path: Path) -> Any:
    return json.loads(path.read_text())


@pytest.mark.parametrize("data", ["shop", "shop/log.db", "events.csv"])
def test_evaluate_reads_logs_and_files(run: Run, folder: Path, data: str) -> None:
    options = ["--models", "popularity,equipoise.models:EASE", "--days", "2", "--k", "3,5", "--seeds", "2"]
    done = run("evaluate", data, *options, "--json", "out.json")
    assert done.returncode == 0, done.stderr
    assert "popularity" in done.stdout
    found = read(folder / "out.json")
    assert found["data"] == data
    assert found["split"]["kind"] == "time"
    assert [(row["model"], row["seed"]) for row in found["models"]] == [
        (model, seed) for seed in (7, 8) for model in ("popularity", "equipoise.models:EASE")
    ]
    popularity, ease = (row["metrics"] for row in found["models"][:2])
    assert ease["ndcg@3"] > popularity["ndcg@3"]
    assert {"hr@5", "coverage@5", "revenue@5"} <= ease.keys()


def test_train_publishes_what_serving_loads(run: Run, folder: Path) -> None:
    options = ["--models", "popularity,item_knn,ease", "--days", "2", "--json", "trained.json"]
    done = run("train", *options)
    assert done.returncode == 0, done.stderr
    found = read(folder / "trained.json")
    assert [row["model"] for row in found["models"]] == ["popularity", "item_knn", "ease", "blend"]
    store = ArtifactStore(folder=folder / "shop" / "artifacts")
    assert store.current("shop") == found["version"]
    assert len(store.load("shop", Published).vocabulary) == 20


TINY = "gru(embedding_size=8, hidden_size=8, epochs=2, validation_users=5, content=data)"


def test_train_takes_settings_and_each_model_of_the_registry(run: Run, folder: Path) -> None:
    done = run(
        "train", "--model", TINY, "--model", "content_knn(content=data),ease(reg=9),ease", "--days", "2"
    )
    assert done.returncode == 0, done.stderr
    served = ArtifactStore(folder=folder / "shop" / "artifacts").load("shop", Published)
    blended = served.recommender.scorer.scorers
    assert list(blended) == ["gru", "content_knn", "ease(reg=9)", "ease"]
    assert isinstance(blended["gru"], SequenceScorer)
    assert blended["gru"].items.shape == (20, 8)


def test_a_killed_training_goes_on_where_it_was(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three trainings (for the weights, to be judged, on everything) the last is killed in epoch 2."""
    whole = run("train", "--model", TINY, "--days", "2", "--json", "whole.json")
    assert whole.returncode == 0, whole.stderr
    epochs: list[int] = []
    real = Trainer._epoch

    def counted(self: Trainer, *given: Any) -> Any:
        epochs.append(len(epochs))
        if len(epochs) == 6:
            raise KeyboardInterrupt
        return real(self, *given)

    monkeypatch.setattr(Trainer, "_epoch", counted)
    options = ["train", "--model", TINY, "--days", "2", "--checkpoints", "kept", "--json", "resumed.json"]
    assert run(*options).returncode == 130
    assert len(list((folder / "kept").glob("seed-7/*/epoch-*"))) == 3
    assert run(*options).returncode == 0
    assert len(epochs) == 7
    assert not list((folder / "kept").iterdir())
    assert [read(folder / name)["models"][0]["metrics"] for name in ("whole.json", "resumed.json")] == [
        read(folder / "whole.json")["models"][0]["metrics"]
    ] * 2
    one, other = (served(folder, read(folder / name)["version"]) for name in ("whole.json", "resumed.json"))
    np.testing.assert_array_equal(one.items, other.items)


def served(folder: Path, version: int) -> Any:
    store = ArtifactStore(folder=folder / "shop" / "artifacts")
    return store.load("shop", Published, version=version).recommender.scorer.scorers["gru"]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["evaluate", "nowhere"], "DATA: nowhere is nothing that can be read"),
        (["evaluate", "events.csv", "--models", "eaze"], "no model is called 'eaze'"),
        (["evaluate", "events.csv", "--models", ","], "name at least one of"),
        (["evaluate", "events.csv", "--k", "ten"], "'ten' is not a list of whole numbers"),
        (["evaluate", "events.csv", "--k", "0"], "each must be at least 1"),
        (["evaluate", "events.csv", "--split", "luck"], "'luck' is not known; use given, time"),
        (["evaluate", "events.csv", "--days", "0"], "--days: must be above 0"),
        (["evaluate", "events.csv", "--days", "1000"], "leaves nothing on one side"),
        (["train", "--models", "popularity,eaze"], "no model is called 'eaze'"),
        (["train", "--model", "ease(width=3)"], "ease: has no hyperparameter 'width'; it has"),
        (["train", "--model", "ease", "--model", "ease"], "ease is named twice"),
        (["train", "--days", "-1"], "--days: must be above 0"),
        (["train", "--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(run: Run, arguments: list[str], what: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert what in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_training_without_a_log_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("train", at=tmp_path)
    assert done.returncode == 2
    assert "`equipoise ingest` makes it" in done.stderr
    assert not (tmp_path / "shop").exists()
