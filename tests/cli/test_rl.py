import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.errors import BadInputError
from equipoise.events.facts import Choice, Decision
from equipoise.events.sqlite import SQLiteLog
from equipoise.models.reinforcement.guard import DivergedError
from equipoise.random import derive
from equipoise.recommenders.long_term import LONG_TERM, LongTerm
from equipoise.store import ArtifactStore

from .conftest import DAY, START, Run


def test_it_prints_draws_and_writes_a_table_close_to_the_exact_one(tmp_path: Path) -> None:
    told, drawn = tmp_path / "q.json", tmp_path / "q.svg"
    call = ["rl", "table", "--steps", "300000", "--epsilon", "1", "--clusters", "2"]
    result = CliRunner().invoke(app, [*call, "--json", str(told), "--plot", str(drawn)])
    assert result.exit_code == 0, result.output
    assert "keen, 1" in result.output
    assert "*" in result.output
    figures = json.loads(told.read_text())
    assert figures["max_error_share"] < 0.05
    assert figures["greedy"][:8] == np.argmax(figures["q"], axis=1)[:8].tolist()
    assert drawn.read_text().count("<rect") == 1 + 8 * 2


@pytest.mark.parametrize(("name", "steps"), [("q_learning", "6,000,000"), ("sarsa", "64,000,000")])
def test_the_help_says_how_many_steps_each_learner_takes(name: str, steps: str) -> None:
    told = " ".join(CliRunner().invoke(app, ["rl", "table", "--help"], env={"COLUMNS": "200"}).output.split())
    assert f"{steps} for {name}" in told


@pytest.mark.parametrize("call", [["--learner", "magic"], ["--plot", "q.png"], ["--discount", "1"]])
def test_bad_options_are_refused(call: list[str]) -> None:
    result = CliRunner().invoke(app, ["rl", "table", *call])
    assert isinstance(result.exception, BadInputError)


def shown(who: int, visit: int) -> Decision:
    item = int(derive(who, visit).integers(30))
    choice = Choice(item_id=f"i{item}", position=0, score=0.0, propensity=0.1, explored=False, source="x")
    return Decision(
        recommendation_id=f"r{who}-{visit}",
        user_id=f"u{who}",
        session_id=f"s{who}-{visit}",
        surface="home",
        timestamp=START + (100 + visit) * DAY + who,
        policy="uniform",
        policy_version=1,
        variant="policy",
        candidates=tuple(f"i{code}" for code in range(30)),
        scores=np.linspace(1.0, 0.0, 30),
        features_version="1",
        slate=(choice,),
        exploration=1.0,
        reason="greedy",
    )


def test_it_learns_from_the_log_publishes_and_leaves_the_last_good_one(
    trained: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = trained / "equipoise-data"
    call = ["rl", "train", "--learner", "double_dqn", "--updates", "5", "--json", "told.json"]
    with pytest.raises(BadInputError, match="100 are needed"):
        run(*call)
    with SQLiteLog(data / "log.db") as log:
        log.append([shown(who, visit) for who in range(40) for visit in range(4)])
    assert run(*call).exit_code == 0
    told = json.loads((trained / "told.json").read_text())
    assert (told["steps"], told["version"], told["learner"]) == (120, 1, "double_dqn")
    store = ArtifactStore(folder=data / "artifacts")
    assert store.load(LONG_TERM, LongTerm).steps == 120

    def diverged(*_: object, **__: object) -> LongTerm:
        raise DivergedError("double_dqn: the loss is nan after 3 updates")

    monkeypatch.setattr("equipoise.cli.rl_train.learnt_from", diverged)
    with pytest.raises(DivergedError, match="nan"):
        run(*call)
    assert store.current(LONG_TERM) == 1


def test_an_unknown_value_learner_is_refused(trained: Path, run: Run) -> None:
    with pytest.raises(BadInputError, match="slate_q"):
        run("rl", "train", "--learner", "magic")
