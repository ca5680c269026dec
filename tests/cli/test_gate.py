"""The gate, learning from a log, and the way back, by the commands, on a past whose truth is known."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from equipoise.artifact import load_artifact, save_artifact
from equipoise.errors import ArtifactError, BadInputError
from equipoise.events.sqlite import SQLiteLog
from equipoise.policies import Greedy, SoftmaxLinearPolicy
from equipoise.recommenders.gated import GATED, Gated
from equipoise.serving.opening import PUBLISHED
from equipoise.store import ArtifactStore

from .past import items, past, published

Run = Callable[..., Any]
SMALL = ("--least-ess", "150")


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders: of a trained shop, and of the same once it has shown 6,000 slates at random.

    The slates have the name of its learning policy.
    """
    home = tmp_path_factory.mktemp("shops")
    data = home / "trained" / "equipoise-data"
    ArtifactStore(folder=data / "artifacts").publish(published(), PUBLISHED)
    with SQLiteLog(data / "log.db") as log:
        log.append([*items()])
    shutil.copytree(home / "trained", home / "logged")
    with SQLiteLog(home / "logged" / "equipoise-data" / "log.db") as log:
        log.append(list(past(6_000)))
    return home


def shop_at(kind: str, shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(shops / kind, tmp_path / "shop")
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture
def trained(shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return shop_at("trained", shops, tmp_path, monkeypatch)


@pytest.fixture
def logged(shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return shop_at("logged", shops, tmp_path, monkeypatch)


def served(folder: Path) -> dict[str, str]:
    """Return which policies are published, by variant."""
    store = ArtifactStore(folder=folder / "equipoise-data" / "artifacts", trust=("my_shop",))
    gated = store.load(GATED, Gated) if store.current(GATED) is not None else Gated()
    return {variant: passed.name for variant, passed in gated.policies.items()}


def records(folder: Path) -> list[dict[str, Any]]:
    path = folder / "equipoise-data" / "gate.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def words(result: Any) -> str:
    return " ".join(result.output.split())


def test_what_is_surely_better_is_published_and_recorded(logged: Path, run: Run) -> None:
    result = run("gate", "greedy", *SMALL, "--json", "out.json")
    assert result.exit_code == 0, result.output
    assert "published: greedy serves policy instead of balanced: the gain is +" in words(result)
    assert served(logged) == {"policy": "greedy"}
    (record,) = records(logged)
    assert record == json.loads(Path("out.json").read_text())
    assert record["decision"] == "published"
    assert record["gain"]["low"] > 0.0
    assert record["values"]["candidate"]["value"] > record["values"]["present"]["value"]
    assert record["log"]["decisions"] == {"balanced": 6_000}
    assert record["version"] == 1


def test_what_is_not_surely_better_is_not(logged: Path, run: Run) -> None:
    result = run("gate", "uniform", *SMALL)
    assert result.exit_code == 1
    assert "kept: balanced serves policy, not uniform: the gain is" in words(result)
    assert served(logged) == {}
    (record,) = records(logged)
    assert (record["decision"], record["passes"], record["version"]) == ("kept", False, None)
    assert run("gate", "uniform", *SMALL, "--tolerance", "0.05").exit_code == 0
    assert served(logged) == {"policy": "uniform"}


def test_a_policy_learned_from_the_older_half_passes_on_the_newer(logged: Path, run: Run) -> None:
    learned = run("learn", "--log", "equipoise-data", "--out", "learned", "--json", "learned.json")
    assert learned.exit_code == 0, learned.output
    about = json.loads(Path("learned.json").read_text())
    assert about["decisions"] == 3_000
    result = run("gate", "learned", *SMALL, "--json", "out.json")
    assert result.exit_code == 0, result.output
    record = json.loads(Path("out.json").read_text())
    assert record["log"]["after"] == about["learned_until"]
    assert record["log"]["decisions"] == {"balanced": 3_000}
    ope = run("ope", "--log", "equipoise-data", "--target", "learned,greedy", "--json", "o")
    assert ope.exit_code == 0, ope.output
    values = [row["value"] for row in json.loads(Path("o").read_text())["estimates"]]
    assert values[0] > values[1]  # greedy does not know that the last items are liked


@pytest.mark.parametrize("objective", ["ips", "dr", "snips"])
def test_every_objective_learns_the_items_that_scores_hide(logged: Path, run: Run, objective: str) -> None:
    assert (
        run("learn", "--log", "equipoise-data", "--objective", objective, "--out", "learned").exit_code == 0
    )
    policy = load_artifact(SoftmaxLinearPolicy, Path("learned"))
    assert set(policy.items[:, 0].argsort()[-3:].tolist()) == {27, 28, 29}


def test_a_log_without_choice_supports_nothing(trained: Path, run: Run) -> None:
    with SQLiteLog(trained / "equipoise-data" / "log.db") as log:
        log.append(list(past(1_500, explores=False)))
    result = run("gate", "uniform", *SMALL)
    assert result.exit_code == 1
    assert "the logging policy had no choice in 100% of rounds" in words(result)
    assert records(trained)[0]["passes"] is False


def test_reasons_why_the_log_cannot_tell(logged: Path, run: Run) -> None:
    for arguments, why in (
        (("greedy", "--least-ess", "5000"), "the effective sample size is"),
        (("lin_ucb",), "reads features of every candidate"),
        (("balanced",), "reads features of every candidate"),
    ):
        result = run("gate", *arguments)
        assert result.exit_code == 1
        assert "the log cannot tell" in words(result)
        assert why in words(result)
    assert [record["decision"] for record in records(logged)] == ["kept"] * 3


def test_decisions_of_other_policies_say_nothing_of_one_that_learns(logged: Path, run: Run) -> None:
    with SQLiteLog(logged / "equipoise-data" / "log.db") as log:
        log.append([*past(500, policy="lin_ucb"), *past(500, variant="other")])
    run("gate", "uniform", *SMALL, "--json", "out.json")
    assert json.loads(Path("out.json").read_text())["log"]["decisions"] == {"balanced": 6_000}
    run("gate", "uniform", *SMALL, "--present", "greedy", "--json", "out.json")
    assert json.loads(Path("out.json").read_text())["log"]["decisions"] == {"balanced": 6_000, "lin_ucb": 500}


def test_back_and_further_back_to_the_settings(logged: Path, run: Run) -> None:
    assert run("gate", "greedy", *SMALL).exit_code == 0
    assert run("learn", "--log", "equipoise-data", "--out", "learned").exit_code == 0
    assert run("gate", "learned", "--least-ess", "50", "--tolerance", "1").exit_code == 0
    assert records(logged)[1]["present"] == "greedy"
    result = run("rollback", "--reason", "fewer orders", "--json", "out.json")
    assert "rolled back: greedy serves policy instead of learned" in words(result)
    assert served(logged) == {"policy": "greedy"}
    assert json.loads(Path("out.json").read_text())["why"] == "fewer orders"
    assert "balanced serves policy instead of greedy" in words(run("rollback"))
    assert served(logged) == {}
    with pytest.raises(BadInputError, match="nothing to go back from"):
        run("rollback")
    told = words(run("gate", "--history", "--json", "history.json"))
    assert told.count("published") == 2
    decisions = [one["decision"] for one in json.loads(Path("history.json").read_text())["records"]]
    assert decisions == ["published", "published", "rolled back", "rolled back"]


def test_a_policy_of_ones_own_needs_trust(logged: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("my_shop.py").write_text(
        "from dataclasses import dataclass\n"
        "from equipoise.policies.greedy import GreedyPolicy\n"
        "@dataclass(frozen=True)\n"
        "class Mine:\n"
        "    def start(self, n_features, prior_mean=None): return MinePolicy()\n"
        "@dataclass(frozen=True)\n"
        "class MinePolicy(GreedyPolicy): pass\n"
    )
    monkeypatch.syspath_prepend(str(logged))
    with pytest.raises(BadInputError, match=r"storage\.trust: a server could not read this policy"):
        run("gate", "my_shop:Mine", *SMALL)
    assert served(logged) == {}
    Path("equipoise.toml").write_text('[storage]\ntrust = ["my_shop"]\n')
    assert run("gate", "my_shop:Mine", *SMALL).exit_code == 0
    assert served(logged) == {"policy": "my_shop:Mine"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "CANDIDATE: is missing"),
        (("nobody",), "there is no 'nobody'"),
        (("equipoise-data",), "the folder equipoise-data holds no artifact"),
        (("greedy", "--variant", "x"), "--variant: there is no 'x'; choose one of policy"),
        (("greedy", "--estimator", "magic"), "there is no 'magic'"),
    ],
)
def test_bad_input_is_told_and_not_recorded(
    trained: Path, run: Run, arguments: tuple[str, ...], told: str
) -> None:
    with pytest.raises(BadInputError, match=told):
        run("gate", *arguments)
    assert records(trained) == []


def test_a_shop_that_is_not_trained_is_told(folder: Path, run: Run) -> None:
    with pytest.raises(BadInputError, match=r"holds no equipoise-data/log\.db"):
        run("gate", "greedy")


def test_what_is_no_policy_is_told(trained: Path, run: Run) -> None:
    save_artifact(Greedy(), trained / "config")
    with pytest.raises(ArtifactError, match="holds a Greedy, which is no policy"):
        run("gate", "config")


def test_a_policy_learned_elsewhere_is_refused(logged: Path, run: Run) -> None:
    assert run("learn", "--log", "equipoise-data", "--out", "learned").exit_code == 0
    manifest = json.loads((logged / "learned" / "manifest.json").read_text())
    manifest["about"]["items"] = "others"
    (logged / "learned" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BadInputError, match="learned on a log with other items"):
        run("gate", "learned")


def test_records_that_are_none_are_told(trained: Path, run: Run) -> None:
    (trained / "equipoise-data" / "gate.jsonl").write_text('{"record": 1}\nnonsense\n')
    with pytest.raises(ArtifactError, match="line 2 is no record"):
        run("gate", "--history")


def test_learning_says_what_it_cannot_use(trained: Path, run: Run) -> None:
    with pytest.raises(BadInputError, match="holds no decision to learn from"):
        run("learn", "--log", "equipoise-data", "--out", "learned")
    with pytest.raises(BadInputError, match="there is no 'magic'"):
        run("learn", "--log", "equipoise-data", "--objective", "magic", "--out", "learned")
    with pytest.raises(BadInputError, match="exists and holds no policy"):
        run("learn", "--log", "equipoise-data", "--out", "equipoise-data")


def test_a_table_teaches_too(folder: Path, run: Run) -> None:
    rows = [f"{number % 2},i{number // 2 % 2},{(number + number // 2) % 2},0.5" for number in range(400)]
    Path("shown.csv").write_text("\n".join(["device,item,click,p", *rows]) + "\n")
    maps = [
        part
        for ours in ("context=device", "action=item", "reward=click", "propensity=p")
        for part in ("--map", ours)
    ]
    for objective in ("snips", "dr"):
        result = run("learn", "--log", "shown.csv", *maps, "--objective", objective, "--out", "learned")
        assert result.exit_code == 0, result.output
    policy = load_artifact(SoftmaxLinearPolicy, Path("learned"))
    assert policy.items.shape == (2, 2)
    assert (policy.items @ [1.0, 0.0])[1] > (policy.items @ [1.0, 0.0])[0]
    assert (policy.items @ [1.0, 1.0])[1] < (policy.items @ [1.0, 1.0])[0]
