import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.ranking import Ranking, compare_rankings
from equipoise.evaluation.ranking.compare import TESTS, holm
from equipoise.evaluation.ranking.intervals import bootstrap_interval, normal_interval
from equipoise.random import derive


def ranking(values: "list[float] | np.ndarray", users: list[int] | None = None) -> Ranking:
    codes = None if users is None else np.array(users)
    return Ranking(per_user={"m": np.asarray(values, float)}, coverage={}, users=codes)


def test_the_paired_t_test_worked_out_by_hand() -> None:
    """Gaps 1, 2, 3: mean 2, standard error 1/sqrt(3), t = 2 sqrt(3) with 2 degrees of freedom: p = .0742."""
    [found] = compare_rankings({"a": ranking([1, 3, 5]), "b": ranking([0, 1, 2])}, "m")
    assert (found.first, found.second, found.difference) == ("a", "b", 2.0)
    assert found.p == found.p_holm == pytest.approx(0.0742, abs=5e-5)
    # 4.3027 is the 97.5% quantile of t with 2 degrees of freedom.
    assert (found.low, found.high) == pytest.approx((2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), abs=1e-4)


def test_the_randomisation_test_is_close_to_counting_all_swaps() -> None:
    """Of the 8 ways to swap gaps 1, 2, 3, two have a mean as far from 0 as 2."""
    [found] = compare_rankings(
        {"a": ranking([1, 2, 3]), "b": ranking([0, 0, 0])}, "m", test="randomisation", rng=derive(1)
    )
    assert found.p == pytest.approx(2 / 8, abs=4 * (0.25 * 0.75 / 10_000) ** 0.5)


@pytest.mark.parametrize("test", sorted(TESTS))
def test_false_alarms_are_as_rare_as_stated_and_differences_are_found(test: str) -> None:
    rng = derive(2, test)
    same, better = [], []
    for _ in range(200):
        one, other = rng.normal(size=(2, 80))
        gaps = {"a": ranking(one), "b": ranking(other), "c": ranking(one + 1.0)}
        found = compare_rankings(gaps, "m", baseline="b", test=test, rng=rng, draws=300)
        same.append(found[0].p < 0.05)
        better.append(found[1].p < 0.05)
    assert np.mean(same) < 0.05 + 4 * (0.05 * 0.95 / 200) ** 0.5
    assert np.mean(better) > 0.95


@pytest.mark.parametrize("test", sorted(TESTS))
def test_a_model_is_not_different_from_itself(test: str) -> None:
    [found] = compare_rankings({"a": ranking([1, 0, 1]), "b": ranking([1, 0, 1])}, "m", test=test)
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_holm_as_in_the_textbook() -> None:
    """.01 x 4, .02 x 3 rise; .03 x 2 is kept at .06; .5 stays."""
    assert holm([0.03, 0.01, 0.5, 0.02]) == pytest.approx([0.06, 0.04, 0.5, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_all_pairs_are_corrected_together() -> None:
    values = {name: ranking(derive(3, name).normal(size=50)) for name in "abcd"}
    found = compare_rankings(values, "m")
    assert [(each.first, each.second) for each in found] == [
        (one, other) for place, one in enumerate("abcd") for other in "abcd"[place + 1 :]
    ]
    assert [each.p_holm for each in found] == holm([each.p for each in found])


@pytest.mark.parametrize("test", sorted(TESTS))
def test_the_same_generator_gives_the_same_figures(test: str) -> None:
    values = {name: ranking(derive(3, name).normal(size=50)) for name in "ab"}
    runs = [compare_rankings(values, "m", test=test, rng=derive(8), draws=50) for _ in range(2)]
    assert runs[0] == runs[1]


def test_what_cannot_be_compared_is_refused() -> None:
    pair = {"a": ranking([1.0, 2.0], [4, 5]), "b": ranking([1.0, 2.0], [4, 6])}
    with pytest.raises(BadInputError, match="different users"):
        compare_rankings(pair, "m")
    with pytest.raises(BadInputError, match="of the same users"):
        compare_rankings({"a": ranking([1.0, 2.0]), "b": ranking([1.0])}, "m")
    with pytest.raises(BadInputError, match="at least two"):
        compare_rankings({"a": ranking([1.0, 2.0])}, "m")
    with pytest.raises(BadInputError, match="'x' has no value for each user; choose from m"):
        compare_rankings({"a": ranking([1.0, 2.0]), "b": ranking([1.0, 2.0])}, "x")
    with pytest.raises(BadInputError, match="'z' is not known; choose from t,"):
        compare_rankings({"a": ranking([1.0, 2.0]), "b": ranking([1.0, 2.0])}, "m", test="z")
    with pytest.raises(BadInputError, match="'z' was not ranked"):
        compare_rankings({"a": ranking([1.0, 2.0]), "b": ranking([1.0, 2.0])}, "m", baseline="z")


def test_intervals_agree_where_there_are_many_users() -> None:
    values = derive(5).exponential(size=4000)
    normal, drawn = normal_interval(values), bootstrap_interval(values, rng=derive(6))
    assert drawn == pytest.approx(normal, abs=0.004)
    assert ranking(values).bootstrap("m", rng=derive(6)) == drawn


def test_the_bootstrap_stays_where_the_values_are() -> None:
    """With one hit in 20 the normal interval begins below 0; a share cannot."""
    values = np.array([1.0] + [0.0] * 19)
    assert normal_interval(values)[0] < 0.0
    assert bootstrap_interval(values, rng=derive(1))[0] >= 0.0
    with pytest.raises(BadInputError, match="at least 1"):
        bootstrap_interval(values, rng=derive(1), draws=0)
