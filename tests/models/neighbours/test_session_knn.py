from math import exp, inf, log1p

import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import Explains, SessionKNN
from equipoise.random import derive

PLAIN = SessionKNN(before=0.0, rarity=0.0, length=0.0, half_life=inf, fade=2.0, reach=2.0)
"""Every shared item counts alike, only what comes after it is recommended, and sessions do not age."""


def scores_of(learner: SessionKNN, sessions: list[list[int]], *asked: list[int]) -> list[list[float]]:
    n_items = 1 + max(max(session) for session in sessions)
    scorer = learner.fit(orders(sessions, n_items), rng=derive(1))
    scores: list[list[float]] = scorer.score(Histories.of(asked)).tolist()
    return scores


def test_what_follows_in_the_neighbours_worked_out_by_hand() -> None:
    (scores,) = scores_of(PLAIN, [[0, 1, 2], [0, 3], [4, 1]], [0])
    assert scores == pytest.approx([0, 1 / 2, exp(-1 / 2) / 2, 1 / 2, 0])


def test_what_comes_before_counts_less() -> None:
    learner = SessionKNN(before=0.25, rarity=0, length=0, half_life=inf, reach=2.0)
    (scores,) = scores_of(learner, [[0, 1, 2]], [2])
    assert scores == pytest.approx([exp(-1 / 2) / 4, 1 / 4, 0])


def test_older_items_of_the_history_count_less() -> None:
    """Item 0 was met one before item 1, so its neighbour has the share exp(-1/2) to 1."""
    (scores,) = scores_of(PLAIN, [[0, 2], [1, 3]], [0, 1])
    older = exp(-1 / 2)
    assert scores == pytest.approx([0, 0, older / (1 + older), 1 / (1 + older)])


@pytest.mark.parametrize(
    ("learner", "first", "second"),
    [
        (SessionKNN(before=0, rarity=0, length=0, half_life=0.5), 0.5 ** (1 / 2 / 0.5), 1),
        (SessionKNN(before=0, rarity=0, length=0.5, half_life=inf), 1 / 3**0.5, 1 / 2**0.5),
    ],
)
def test_old_and_long_sessions_count_less(learner: SessionKNN, first: float, second: float) -> None:
    (scores,) = scores_of(learner, [[0, 1, 2], [0, 3]], [0])
    assert scores[1] == pytest.approx(first / (first + second))
    assert scores[3] == pytest.approx(second / (first + second))


def test_sharing_a_rare_item_counts_more() -> None:
    learner = SessionKNN(before=0, rarity=1.0, length=0, half_life=inf, fading="linear", fade=64.0)
    (scores,) = scores_of(learner, [[0, 2], [1, 3], [1, 4]], [0, 1])
    rare, common = (1 - 1 / 64) * log1p(3 / 1), log1p(3 / 2)
    assert scores[2] == pytest.approx(rare / (rare + 2 * common))


def test_of_equal_sessions_the_newest_are_the_neighbours() -> None:
    learner = SessionKNN(n_neighbors=2, rarity=0, length=0, half_life=inf)
    (scores,) = scores_of(learner, [[0, 1], [0, 2], [0, 3]], [0])
    assert scores == pytest.approx([0, 0, 1 / 2, 1 / 2])


def test_only_the_newest_sample_is_looked_at() -> None:
    learner = SessionKNN(sample=1, rarity=0, length=0, half_life=inf)
    (scores,) = scores_of(learner, [[0, 1], [0, 2], [0, 3]], [0])
    assert scores == pytest.approx([0, 0, 0, 1])


def test_items_met_again_and_again_are_recommended_again() -> None:
    (scores,) = scores_of(PLAIN, [[0, 0, 1]], [0])
    assert scores == pytest.approx([1, 1])


def test_scores_are_those_of_the_formula_written_plainly() -> None:
    rng = derive(6)
    sessions = [rng.integers(0, 25, rng.integers(1, 9)).tolist() for _ in range(80)]
    asked = [rng.integers(0, 25, rng.integers(1, 12)).tolist() for _ in range(20)]
    learner = SessionKNN(n_neighbors=7, fade=3.0, reach=4.0, before=0.6, fading="harmonic")
    found = learner.fit(orders(sessions, 25), rng=derive(1)).score(Histories.of(asked))
    expected = [plainly(learner, sessions, history, 25) for history in asked]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def plainly(learner: SessionKNN, sessions: list[list[int]], history: list[int], n_items: int) -> list[float]:
    """The docstring of `SessionKNN`, term by term, with harmonic fading."""
    n = len(sessions)
    met = [sum(item in session for session in sessions) for item in range(n_items)]
    ages = {item: history[::-1].index(item) for item in history}

    def likeness(place: int) -> float:
        session = sessions[place]
        shared = set(session) & set(history)
        weights = (
            log1p(n / met[item]) ** learner.rarity / (1 + ages[item] / learner.fade) for item in shared
        )
        fresh = 0.5 ** ((n - 1 - place) / n / learner.half_life)
        return float(fresh / len(set(session)) ** learner.length * sum(weights))

    def nearness(session: list[int], place: int) -> float:
        newest = min(set(session) & set(history), key=lambda item: ages[item])
        gaps = [place - shared for shared, item in enumerate(session) if item == newest and shared != place]
        fades = [(1 if gap > 0 else learner.before) / (1 + (abs(gap) - 1) / learner.reach) for gap in gaps]
        return max(fades, default=0)

    likely = {place: likeness(place) for place in range(n)}
    near = sorted((place for place in likely if likely[place] > 0), key=lambda place: -likely[place])
    near = near[: learner.n_neighbors]
    scores = [0.0] * n_items
    for place in near:
        share = likely[place] / sum(likely[other] for other in near)
        for at, item in enumerate(sessions[place]):
            scores[item] += share * nearness(sessions[place], at)
    return scores


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(SessionKNN().fit(departments.data, rng=derive(1))) == 1.0


def test_reasons_add_up_to_the_score() -> None:
    rng = derive(8)
    data = orders([rng.integers(0, 20, 6).tolist() for _ in range(60)], 20)
    scorer = SessionKNN(n_neighbors=15).fit(data, rng=derive(1))
    histories = Histories.of([[1, 2, 3, 2], [], [5], [7, 99, 8]])
    items = np.array([4, 4, 6, 0])
    assert isinstance(scorer, Explains)
    why = scorer.because(histories, items, 5)
    added = np.where(why.items >= 0, why.scores, 0).sum(axis=1)
    np.testing.assert_allclose(added, scorer.score(histories)[np.arange(4), items], rtol=1e-5)
    assert set(why.items[0].tolist()) <= {1, 2, 3, -1}
    assert scorer.because(histories, np.array([-1, 20, 0, 0]), 2).items[:2].tolist() == [[-1, -1]] * 2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_neighbors": 0}, "at least 1"),
        ({"before": -1.0}, "at least 0"),
        ({"half_life": 0.0}, "sessions do not age"),
        ({"fade": 0.0}, "above 0 places"),
        ({"fading": "cubic"}, "one of exponential, linear, harmonic"),
    ],
)
def test_senseless_settings_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        SessionKNN(**settings)  # type: ignore[arg-type]
