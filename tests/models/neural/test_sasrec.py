import builtins
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError, MissingExtraError
from equipoise.models import Popularity, SASRec
from equipoise.progress import watched_by
from equipoise.random import derive

from .rings import right, ring

TINY = SASRec(
    embedding_size=16,
    length=8,
    horizon=1,
    dropout=0.1,
    epochs=30,
    patience=30,
    batch_items=512,
    learning_rate=1e-2,
    half_life_days=np.inf,
    trend_half_life_days=np.inf,
    validation_users=20,
)
"""For histories whose very next item is planted."""


def test_learns_a_planted_order() -> None:
    assert right(TINY.fit(ring(300, 20, 8), rng=derive(1))) >= 0.9


def test_finds_the_planted_departments(departments: Departments) -> None:
    scorer = replace(TINY, horizon=4, epochs=10).fit(departments.data, rng=derive(1))
    assert departments.precision(scorer) >= 0.9
    assert departments.precision(Popularity().fit(departments.data, rng=derive(1))) < 0.6


def test_two_blocks_learn_too() -> None:
    scorer = replace(TINY, blocks=2).fit(ring(300, 20, 8), rng=derive(1))
    best = scorer.top(Histories.of([[3, 4, 5]]), 1)
    assert best.items.tolist() == [[6]]


def test_training_leaves_the_streams_of_others_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(1).item()
    torch.manual_seed(3)
    replace(TINY, epochs=1).fit(ring(40, 10, 5), rng=derive(1))
    assert torch.rand(1).item() == expected


def test_reports_each_epoch_with_its_loss() -> None:
    seen: list[tuple[int, int, str]] = []
    with watched_by(lambda what, done, total, note: seen.append((done, total, note))):
        replace(TINY, epochs=2).fit(ring(40, 10, 5), rng=derive(1))
    assert [(done, total) for done, total, _ in seen] == [(1, 2), (2, 2)]
    assert all("loss " in note and "ndcg@10 " in note and "targets/s" in note for _, _, note in seen)


def test_an_empty_history_gets_what_sold_lately() -> None:
    data = orders([[0, 1], [1, 2], [1, 3], [1]] * 10, 6)
    scorer = replace(TINY, epochs=1).fit(data, rng=derive(1))
    assert scorer.top(Histories.of([[]]), 1).items.tolist() == [[1]]


def test_scoring_and_importing_need_no_torch() -> None:
    code = "import sys, equipoise.models; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_torch(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "torch" or name.endswith(("neural.objective", "neural.trainer")):
            raise ModuleNotFoundError("No module named 'torch'", name="torch")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_torch)
    with pytest.raises(MissingExtraError, match=r"training sasrec needs .* pip install 'equipoise\[deep\]'"):
        TINY.fit(ring(4, 3, 2), rng=derive(1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"dropout": 1.0},
        {"learning_rate": 0.0},
        {"blocks": 0},
        {"targets": 0},
        {"half_life_days": 0.0},
        {"averaging": 1.0},
        {"loss": "hinge"},
        {"negatives": "few"},
        {"start": "middle"},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="sasrec"):
        SASRec(**wrong)
