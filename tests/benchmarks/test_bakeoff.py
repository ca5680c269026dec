from pathlib import Path

import numpy as np
import pytest

from bakeoff_figures import Entry, best_of, ends, entries, geometric_mean, log_ratios, ratio, recovery
from bakeoff_runs import FRESH_SEEDS, measured
from bakeoff_store import Run, Store, key
from bakeoff_table import page, picture, write_page
from bakeoff_tuning import Entrant, Family, semifinalists, tuning_seeds
from equipoise.policies import named
from equipoise.random import derive
from equipoise.simulation.worlds import AbruptDrift

ROUNDS = 20_000


def run(
    contestant: str = "lin_greedy",
    regret: float = 0.1,
    seed: int = 0,
    world: str = "linear",
    setting: str = "default",
    curve: list[float] | None = None,
) -> Run:
    return Run(
        world=world,
        contestant=contestant,
        setting=setting,
        rounds=ROUNDS,
        seed=seed,
        regret=regret,
        reward=0.0,
        explored=0.0,
        seconds=1.0,
        curve=curve if curve is not None else (regret * ends(ROUNDS)).tolist(),
    )


def never() -> Run:
    raise AssertionError("this run was kept, and must not be made again")


def test_what_is_measured_once_is_kept(tmp_path: Path) -> None:
    made = Store.opened(tmp_path).get(key(run()), run, file="ours")
    assert Store.opened(tmp_path).get(key(run()), never, file="ours") == made


def test_a_line_cut_short_by_a_kill_costs_that_run_alone(tmp_path: Path) -> None:
    store = Store.opened(tmp_path)
    for seed in range(2):
        store.keep(run(seed=seed), file="ours")
    path = tmp_path / "ours.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    again = Store.opened(tmp_path)
    assert again.get(key(run(seed=0)), never, file="ours") == run(seed=0)
    again.get(key(run(seed=1)), lambda: run(seed=1), file="ours")
    assert len(Store.opened(tmp_path).runs) == 2


def test_of_two_measurements_the_later_counts(tmp_path: Path) -> None:
    store = Store.opened(tmp_path)
    store.keep(run(regret=0.3), file="ours")
    store.forget("lin_greedy")
    store.get(key(run()), lambda: run(regret=0.2), file="ours")
    assert [one.regret for one in Store.opened(tmp_path).runs.values()] == [0.2]


def test_a_run_is_the_simulations_own() -> None:
    one = measured(
        "same_items", "lin_greedy", "default", 3, config=named("lin_greedy"), rounds=200, curve=True
    )
    assert len(one.curve) == len(ends(200)) == 10
    assert one.curve[-1] == pytest.approx(200 * one.regret, abs=0.01)


def entrant(name: str, regrets: dict[str, float], whole: list[str]) -> Entrant:
    """Return a family of `regrets`; `b new` is lucky on the first seed. `whole` is told what runs whole."""

    def short(setting: str, seed: int) -> float:
        return regrets[setting] * (5.0 if (setting, seed) == ("b new", 101) else 1.0)

    def long(setting: str, seed: int) -> float:
        whole.append(setting)
        return short(setting, seed)

    family = Family(name=name, explorations=("a", "b", "c"), learners=("old", "new"))
    return Entrant(family=family, seeds=tuning_seeds("linear"), short=short, whole=long)


def test_tuning_finds_what_is_best_over_the_seeds() -> None:
    whole: list[str] = []
    one = entrant("x", {"a old": 0.31, "b old": 0.2, "c old": 0.4, "b new": 0.1}, whole)
    setting, regret = one.tuned()
    assert setting == "b old"
    assert regret == pytest.approx(0.2)
    assert set(whole) == {"b old", "b new"}


def test_the_best_families_go_on() -> None:
    each = {"a old": 0.3, "b old": 0.2, "c old": 0.4}
    families = [
        entrant(str(n), {setting: n * regret for setting, regret in each.items()}, []) for n in (4, 1, 3, 2)
    ]
    assert [one.family.name for one in semifinalists(families)] == ["1", "2", "3"]


def compared(ours: float, vw: float) -> list[Entry]:
    luck = np.random.default_rng(0).normal(0.0, 0.01, len(FRESH_SEEDS))
    store = Store(Path())
    for seed in FRESH_SEEDS:
        for name, regret in (("lin_boltzmann", ours), ("vw_bag", vw), ("vw_epsilon", 2 * vw)):
            one = run(name, regret * (1.0 + luck[seed]), seed, setting="default" if "lin" in name else "--x")
            store.runs[key(one)] = one
    return entries(store, "linear", ROUNDS)


def test_ratios_are_paired_by_seed() -> None:
    found = compared(0.05, 0.1)
    ours, peer = best_of(found, "lin_boltzmann"), best_of(found, "vw")
    assert ours is not None
    assert peer is not None
    assert peer.contestant == "vw_bag"
    logs = log_ratios(ours, peer)
    assert ratio(logs).mean == pytest.approx(0.5)
    assert geometric_mean([logs, [-log for log in logs]]).mean == pytest.approx(1.0)


def test_the_table_says_who_is_ahead_and_what_is_missing() -> None:
    text = page({"linear": compared(0.05, 0.1), "season": compared(0.1, 0.05), "turnover": []}, ROUNDS)
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("| `")}
    assert "`--x`" in text
    table = text[text.index("## Regret") : text.index("## The peers")]
    won, lost = (next(row for row in table.splitlines() if world in row) for world in ("linear", "season"))
    assert "0.50 [0.50, 0.50] | ours lower" in won
    assert "2.00 [2.00, 2.00] | **peer lower**" in lost
    assert "not yet" in won  # MABWiser
    assert "`turnover`" not in rows


def test_the_page_and_its_pictures_are_written(tmp_path: Path) -> None:
    store = Store(Path())
    for entry in compared(0.05, 0.1):
        store.runs.update((key(one), one) for one in entry.runs)
    write_page(store, ROUNDS, guide=tmp_path)
    assert "bakeoff/linear.svg" in (tmp_path / "bakeoff.md").read_text()
    assert (tmp_path / "bakeoff" / "linear.svg").read_text().startswith("<svg")
    assert picture("linear", compared(0.05, 0.1), ROUNDS).count("<polyline") == 3


def test_recovery_is_the_wait_until_nine_tenths_are_earned() -> None:
    changes = AbruptDrift().schedule(derive(0, "abrupt_drift")).changes
    stops = ends(ROUNDS)
    start = int(changes[0])
    bad = (stops > start) & (stops < start + 2_000)
    curve = np.cumsum(np.where(bad, 1e6, 0.0)).tolist()
    entry = Entry(contestant="lin_greedy", setting="", runs=(run(world="abrupt_drift", curve=curve),))
    after = recovery(entry, ROUNDS)
    others = len(changes[changes < ROUNDS - 400]) - 1
    assert after.share == 1.0
    assert 2_000 <= after.rounds.mean * (others + 1) <= 2_400 + 400 * others
