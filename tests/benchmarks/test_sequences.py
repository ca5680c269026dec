import json
import re
from pathlib import Path

import numpy as np
import pytest
from tests.models.conftest import orders

import sequences
from equipoise.data.histories import Histories
from equipoise.data.split import HeldOut
from equipoise.models import Popularity
from equipoise.random import derive
from sequences_runs import RUNS

GUIDE = Path(sequences.__file__).parent.parent / "docs" / "guide" / "models" / "sequences.md"


def test_accuracy_by_hand() -> None:
    """Of two users one is answered at the second place, the other not at all."""
    data = orders([[0]] * 13 + [[1]] * 12 + [[item] for item in range(2, 20)], 20)
    asked = HeldOut(
        users=np.arange(2),
        histories=Histories.of([[5], [5]]),
        targets=Histories.of([[1], [5]]),
        values=np.zeros(2),
    )
    found = sequences.accuracy(Popularity(half_life_days=np.inf).fit(data, rng=derive(1)), asked)
    assert found == {"hr@10": 0.5, "ndcg@10": pytest.approx(0.5 / np.log2(3), abs=1e-5)}


def test_a_line_cut_short_is_measured_again(tmp_path: Path) -> None:
    row = {
        "data": "Beauty",
        "run": "gru",
        "seed": 1,
        "test": {"hr@10": 0.5, "ndcg@10": 0.25},
        "validation": {"hr@10": 0.6, "ndcg@10": 0.3},
        "epochs": 4,
        "fit_cpu_seconds": 9,
        "peak_memory_mb": 700,
    }
    path = tmp_path / "kept.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps(row)[:20])
    found = list(sequences.kept(path))
    assert found == [row]
    assert "| Beauty | gru | 0.5000 | 0.2500 | 0.6000 / 0.3000 | 1 | 4 | 9 | 700 |" in sequences.table(found)


def test_a_training_taken_up_in_the_middle_tells_no_cost() -> None:
    whole, later = (
        {"epochs": 4, "epochs_timed": 4, "fit_cpu_seconds": 9},
        {"epochs": 4, "epochs_timed": 1, "fit_cpu_seconds": 2},
    )
    assert sequences.mean_cost([whole, later]) == 9
    assert np.isnan(sequences.mean_cost([later]))


def test_the_guide_has_the_rows_of_the_short_runs() -> None:
    """All that were measured, and none that were not."""
    measured = sequences.small_budgets(list(sequences.kept(sequences.RESULTS)))
    shown = re.findall(
        r"^\| [^|]+ \| \.\d{4} \| \.\d{4} \| \.\d{4} / \.\d{4} \| \d+[^|]* \|$", GUIDE.read_text(), re.M
    )
    assert sorted(shown) == sorted(line for lines in measured.values() for line in lines)


def test_settings_of_every_run_are_accepted() -> None:
    for run in RUNS.values():
        assert run.net(**run.settings).epochs > 0
