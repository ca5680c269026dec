"""Several policies, several seeds, intervals, and the picture."""

from xml.etree import ElementTree

import numpy as np
import pytest

from equipoise.policies.lin_greedy import LinGreedy
from equipoise.policies.registry import PolicyConfig
from equipoise.policies.uniform import Uniform
from equipoise.simulation.intervals import interval
from equipoise.simulation.picture import Curve, drawn
from equipoise.simulation.report import regret_picture, summary
from equipoise.simulation.study import Measured, Setting, compare
from equipoise.simulation.worlds import Linear

POLICIES: dict[str, PolicyConfig] = {"lin_greedy": LinGreedy(), "uniform": Uniform()}
SETTING = Setting(rounds=300, batch=20, k=1)
SMALL = Linear(n_items=50, candidates=6)


def measured() -> list[Measured]:
    return list(compare(SMALL.start, POLICIES, range(3), SETTING))


def without_clock(runs: list[Measured]) -> list[tuple[object, ...]]:
    return [(one.policy, one.seed, one.reward, one.regret, one.explored, one.curve) for one in runs]


def test_the_same_study_gives_the_same_figures() -> None:
    assert without_clock(measured()) == without_clock(measured())


def test_what_is_known_is_not_measured_again() -> None:
    first = measured()
    rest = list(compare(SMALL.start, POLICIES, range(3), SETTING, known=first[:4]))
    assert without_clock(first[:4] + rest) == without_clock(first)


def test_the_better_policy_has_less_regret_and_the_figures_add_up() -> None:
    result = summary("linear", SETTING, measured())
    greedy, uniform = result["policies"]
    assert [greedy["policy"], uniform["policy"]] == ["lin_greedy", "uniform"]
    assert greedy["regret_per_round"]["high"] < 0.5 * uniform["regret_per_round"]["low"]
    sums = [one["reward_per_round"]["mean"] + one["regret_per_round"]["mean"] for one in (greedy, uniform)]
    assert abs(sums[0] - sums[1]) < 0.1, "all meet the same requests"
    assert greedy["curve"]["rounds"][-1] == 300
    assert abs(greedy["curve"]["mean"][-1] / 300 - greedy["regret_per_round"]["mean"]) < 1e-12
    assert result["seeds"] == [0, 1, 2]


def test_intervals_by_student() -> None:
    found = interval([1.0, 2.0, 3.0])
    assert found.mean == 2
    assert found.high == pytest.approx(2 + 4.302653 / np.sqrt(3), rel=1e-6)
    assert found.low == pytest.approx(2 - 4.302653 / np.sqrt(3), rel=1e-6)
    assert interval([5.0]).low is None


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(2_000):
        found = interval(rng.normal(1.0, 2.0, 4).tolist())
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 1.0 <= found.high
    assert abs(covered / 2_000 - 0.95) < 0.015


def test_the_picture_is_well_formed_and_names_every_policy() -> None:
    picture = ElementTree.fromstring(regret_picture("<linear>", measured()))
    words = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"lin_greedy", "uniform", "rounds", "cumulative regret in <linear>"} <= words
    lines = list(picture.iter("{http://www.w3.org/2000/svg}polyline"))
    ends = [float(line.attrib["points"].split()[-1].split(",")[1]) for line in lines]
    assert ends[0] > ends[1], "less regret is lower down"


def test_a_flat_curve_can_be_drawn() -> None:
    flat = Curve(name="none", x=np.array([5.0]), y=np.zeros(1), half=np.zeros(1))
    ElementTree.fromstring(drawn([flat], title="t", x="x", y="y"))
