from pathlib import Path

import pytest

from collaborative_aims import verdict
from collaborative_protocols import PROTOCOLS
from collaborative_settings import SETTINGS
from collaborative_store import Result, Store
from collaborative_table import section, write_page
from equipoise.cli.entries import parsed


def result(seed: int, ndcg: float) -> Result:
    return Result(
        protocol="beauty",
        model=SETTINGS["beauty"][0].label,
        source="defaults",
        seed=seed,
        metrics={"hr@10": 2 * ndcg, "ndcg@10": ndcg},
        half_widths={"hr@10": 0.002, "ndcg@10": 0.001},
        users=100,
        fit_seconds=1.5,
        score_seconds=2.5,
        peak_memory_mb=1234,
        threads="1",
    )


def test_what_was_measured_is_kept_and_not_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    store = Store.opened(path)
    store.keep(result(1, 0.03))
    with path.open("ab") as file:
        file.write(b'{"protocol": "beau')
    again = Store.opened(path)
    assert again.answers("beauty", SETTINGS["beauty"][0].label, 1)
    assert not again.answers("beauty", SETTINGS["beauty"][0].label, 2)
    again.keep(result(2, 0.05))
    assert [one.seed for one in Store.opened(path).of("beauty", SETTINGS["beauty"][0].label)] == [1, 2]


def test_a_line_has_the_mean_the_interval_and_the_spread(tmp_path: Path) -> None:
    store = Store.opened(tmp_path / "results.jsonl")
    store.keep(result(1, 0.03))
    store.keep(result(2, 0.05))
    lines = list(section(store, PROTOCOLS["beauty"]))
    (line,) = (each for each in lines if each.startswith("| `"))
    assert (
        "| 0.0800 ± 0.0020 (0.0283) | 0.0400 ± 0.0010 (0.0141) | 1.5 (1) | 2.5 | 1,234 | 2 | defaults |"
        in line
    )
    assert any("published: deep sequence models" in each for each in lines)
    write_page(store, tmp_path / "page.md")
    assert "## Amazon Beauty" in (tmp_path / "page.md").read_text()


def test_an_aim_is_met_by_one_model_in_all_metrics_or_missed(tmp_path: Path) -> None:
    store = Store.opened(tmp_path / "results.jsonl")
    assert verdict(store, PROTOCOLS["beauty"]) == ""
    store.keep(result(1, 0.0469))  # twice as much is .0938, above the .08 set out for; .047 is not reached
    assert "**Missed**" in verdict(store, PROTOCOLS["beauty"])
    store.keep(result(2, 0.0473))
    said = verdict(store, PROTOCOLS["beauty"])
    assert said.startswith("Aim: hr@10 .08 and ndcg@10 .047 without deep models. **Met** by `popularity")
    assert said.endswith(": .0942 and .0471.")
    assert verdict(store, PROTOCOLS["sports"]) == ""


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_contestants_are_told_apart(protocol: str) -> None:
    labels = [each.label for each in SETTINGS[protocol]]
    assert len(set(labels)) == len(labels) > 0
    assert all(parsed(label)[0] for label in labels)
