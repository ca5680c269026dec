import json
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.cli.partial import Partial
from equipoise.errors import BadInputError
from equipoise.simulation.study import Measured

OWN = """
import numpy as np
from equipoise.policies.policy import Options
from equipoise.random import derive

class Coin:
    def __init__(self, seed):
        self.rng = derive(seed, "coin")
    def requests(self, n):
        features = self.rng.random((n, 2, 1))
        return Options(items=np.tile([0, 1], (n, 1)), scores=features[:, :, 0], features=features,
                       context=np.zeros((n, 1)))
    def react(self, options, slates):
        return np.where(slates.actions == 1, 1.0, 0.25)
    def best(self, options, k):
        return np.ones(len(options))

def factory(seed):
    return Coin(seed)

def nothing(seed):
    return None
"""
POLICY = """
from dataclasses import dataclass
from equipoise.policies.uniform import Uniform

@dataclass(frozen=True)
class Mine(Uniform):
    pass
"""
runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "own_world.py").write_text(OWN)
    (tmp_path / "own_policy_for_simulate.py").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def simulate(*arguments: str) -> str:
    result = runner.invoke(app, ["simulate", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_users_own_world_and_policy(folder: Path) -> None:
    output = simulate(
        "--env", "own_world.py:factory", "--policies", "own_policy_for_simulate:Mine,lin_greedy",
        "--rounds", "400", "--seeds", "2", "--json", "out.json", "--plot", "out.svg",
    )  # fmt: skip
    result = json.loads((folder / "out.json").read_text())
    mine, greedy = result["policies"]
    assert (result["env"], result["rounds"], mine["policy"]) == (
        "own_world.py:factory",
        400,
        "own_policy_for_simulate:Mine",
    )
    assert greedy["reward_per_round"]["low"] > mine["reward_per_round"]["high"]
    assert abs(mine["regret_per_round"]["mean"] - 0.375) < 0.05
    assert 0 <= mine["explored_share"] <= 1
    assert "lin_greedy" in output
    assert (folder / "out.svg").read_text().startswith("<svg")
    assert sorted(path.name for path in folder.glob("*out*")) == ["out.json", "out.svg"]


def test_a_built_in_world_has_its_own_slate_size(folder: Path) -> None:
    simulate(
        "--env", "slates", "--policies", "uniform", "--rounds", "40", "--seeds", "1", "--json", "out.json"
    )
    result = json.loads((folder / "out.json").read_text())
    assert result["k"] == 5
    assert result["policies"][0]["reward_per_round"]["low"] is None


def test_an_interrupted_run_goes_on(folder: Path) -> None:
    asked = {"env": "linear", "rounds": 40, "batch": 20, "k": 1}
    partial = Partial.beside(folder / "out.json", Measured, asked)
    assert partial.read() == []
    kept = Measured(
        policy="uniform",
        seed=0,
        rounds=40,
        reward=123.0,
        regret=1.0,
        explored=0.0,
        seconds=1.0,
        curve=[(40, 1.0, 2.0)],
    )
    partial.keep(kept)
    with partial.path.open("a") as file:
        file.write('{"policy": "cut o')
    simulate(
        "--env", "linear", "--policies", "uniform", "--rounds", "40", "--seeds", "1", "--json", "out.json"
    )
    result = json.loads((folder / "out.json").read_text())
    assert result["policies"][0]["reward_per_round"]["mean"] == 123.0
    assert not partial.path.exists()


def test_what_was_kept_for_another_question_is_not_taken_up(folder: Path) -> None:
    first = Partial.beside(folder / "out.json", Measured, {"env": "linear", "rounds": 40})
    first.read()
    assert msgspec.json.decode(first.path.read_text().splitlines()[0]) == {"env": "linear", "rounds": 40}
    assert Partial.beside(folder / "out.json", Measured, {"env": "linear", "rounds": 41}).read() == []
    assert '"rounds":41' in first.path.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--env", "nowhere"], "there is no 'nowhere'; choose one of linear"),
        (["--env", "absent.py:factory"], "there is no file absent.py"),
        (["--env", "own_world.py:absent"], "has no function 'absent'"),
        (["--env", "own_world.py:nothing"], "must have requests, react and best"),
        (["--env", "no_such_module:factory"], "cannot be imported"),
        (["--env", "linear", "--policies", "nonsense"], "nonsense"),
        (["--env", "linear", "--policies", " ,"], "names no policy"),
        (["--env", "linear", "--plot", "out.png"], "call it out.svg"),
        (["--env", "linear", "--json", "absent/out.json"], "cannot write"),
    ],
)
def test_bad_input_is_one_clear_line(folder: Path, arguments: list[str], words: str) -> None:
    given = arguments if "--policies" in arguments else [*arguments, "--policies", "uniform"]
    with pytest.raises(BadInputError) as raised:
        runner.invoke(app, ["simulate", "--rounds", "20", "--seeds", "1", *given], catch_exceptions=False)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
