"""`equipoise tune`: on validation only, and on from where it was stopped."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import Result

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models import EASE, Scorer
from equipoise.models.space import Between, tunable
from equipoise.random import derive

pytest.importorskip("optuna", reason="tuning needs the extra: pip install 'equipoise[tune]'")
Run = Callable[..., Result]


@pytest.fixture
def orders(folder: Path) -> Path:
    """Two tastes, thirty users, ten items of the taste each."""
    lines = [
        " ".join([f"u{user}", *(f"i{user % 2 * 12 + item}" for item in derive(8, user).permutation(12)[:10])])
        for user in range(30)
    ]
    (folder / "orders.txt").write_text("\n".join(lines) + "\n")
    return folder


def tuned(run: Run, *arguments: str) -> dict[str, Any]:
    done = run("tune", "orders.txt", "--out", "study.db", "--json", "out.json", *arguments)
    assert done.exit_code == 0
    assert "best on validation: --models '" in done.stdout
    found: dict[str, Any] = json.loads(Path("out.json").read_text())
    return found


def test_the_best_of_what_was_tried_starting_from_the_defaults(run: Run, orders: Path) -> None:
    found = tuned(run, "--model", "ease", "--trials", "4")
    assert len(found["trials"]) == 4
    first = found["trials"][0]["settings"]
    assert first == {name: getattr(EASE(), name) for name in first}
    assert found["best"]["value"] == max(trial["value"] for trial in found["trials"])
    assert found["metric"] == "ndcg@10"
    assert len({trial["settings"]["reg"] for trial in found["trials"]}) == 4


def test_a_stopped_search_goes_on(run: Run, orders: Path) -> None:
    first = tuned(run, "--model", "ease", "--trials", "2")
    second = tuned(run, "--model", "ease", "--trials", "4")
    assert second["trials"][:2] == first["trials"]
    assert len({trial["settings"]["reg"] for trial in second["trials"]}) == 4
    assert tuned(run, "--model", "ease", "--trials", "3") == second


def test_one_file_holds_several_searches(run: Run, orders: Path) -> None:
    tuned(run, "--model", "ease", "--trials", "2")
    found = tuned(run, "--model", "item_knn(shrinkage=1.0)", "--trials", "2", "--metric", "recall@5")
    assert [trial["settings"]["shrinkage"] for trial in found["trials"]] == [1.0, 1.0]
    assert all("n_neighbors" in trial["settings"] for trial in found["trials"])


def test_the_test_is_never_looked_at(run: Run, orders: Path) -> None:
    """Whatever comes last in the histories, tuning comes to the same."""
    before = tuned(run, "--model", "ease", "--trials", "3")
    lines = [line.split() for line in (orders / "orders.txt").read_text().splitlines()]
    changed = [" ".join([*line[:-1], f"i{place % 24}"]) for place, line in enumerate(lines)]
    (orders / "orders.txt").write_text("\n".join(changed) + "\n")
    (orders / "study.db").unlink()
    after = tuned(run, "--model", "ease", "--trials", "3")
    assert [trial["value"] for trial in after["trials"]] == [trial["value"] for trial in before["trials"]]


@dataclass(frozen=True, kw_only=True)
class Picky:
    """A model that refuses half of what it declares."""

    reg: float = tunable(2.0, Between(0.1, 10.0))

    def __post_init__(self) -> None:
        if self.reg > 5.0:
            raise BadInputError("reg", f"must be at most 5, is {self.reg}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> Scorer:
        return EASE(reg=self.reg).fit(data, rng=rng)


def test_a_setting_that_is_refused_is_passed_over(
    run: Run, orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "picky", sys.modules[__name__])
    found = tuned(run, "--model", "picky:Picky", "--trials", "8")
    assert 0 < len(found["trials"]) < 8
    assert all(trial["settings"]["reg"] <= 5.0 for trial in found["trials"])


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--model", "eaze"], "no model is called 'eaze'"),
        (["--model", "reciprocal_rank"], "reciprocal_rank declares no space to search"),
        (["--model", "ease", "--metric", "ndcg"], "'ndcg' is not a metric at a length"),
        (["--model", "ease", "--metric", "luck@3"], "luck@3 is not measured; choose from .*ndcg@3"),
        (["--model", "ease", "--out", "orders.txt"], "--out: orders.txt is no study"),
        (["--model", "ease", "--out", "no/study.db"], "--out: no/study.db is no study"),
    ],
)
def test_bad_input_is_one_line(run: Run, orders: Path, arguments: list[str], what: str) -> None:
    with pytest.raises(BadInputError, match=what) as told:
        run("tune", "orders.txt", "--out", "study.db", *arguments)
    assert len(str(told.value).splitlines()) == 1
