from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.data.histories import Histories
from equipoise.data.split import HeldOut
from equipoise.errors import BadInputError
from equipoise.evaluation.ranking import Ranking, evaluate_ranking, measure
from equipoise.models.dense import DenseScorer
from equipoise.random import derive
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Fixed(DenseScorer):
    """The same scores for every history."""

    scores: Floats

    @property
    def n_items(self) -> int:
        return len(self.scores)

    def score(self, histories: Histories) -> Floats:
        return np.tile(self.scores, (len(histories), 1)).astype(np.float32)


def held_out(histories: list[list[int]], targets: list[list[int]], money: list[float]) -> HeldOut:
    return HeldOut(
        users=np.arange(len(histories)),
        histories=Histories.of(histories),
        targets=Histories.of(targets),
        values=np.array(money),
    )


def test_a_ranking_worked_out_by_hand() -> None:
    """Item 0 was seen, so the ranking is 1, 2, 3, 4; the targets are 2 (5 pounds) and 4 (7 pounds)."""
    asked = held_out([[0]], [[4, 2]], [7.0, 5.0])
    scorer = Fixed(np.array([9.0, 5.0, 4.0, 3.0, 2.0]))
    found = evaluate_ranking(scorer, asked, ks=(1, 3, 4), rng=derive(1)).means()
    assert found["hr@1"] == found["ndcg@1"] == found["mrr@1"] == found["revenue@1"] == 0.0
    assert found["recall@3"] == 1 / 2
    assert found["precision@3"] == pytest.approx(1 / 3)
    assert found["mrr@3"] == 1 / 2
    assert found["hr@3"] == 1.0
    assert found["revenue@3"] == 5.0
    assert found["ndcg@3"] == pytest.approx((1 / np.log2(3)) / (1 + 1 / np.log2(3)))
    assert found["ndcg@4"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / (1 + 1 / np.log2(3)))
    assert found["revenue@4"] == 12.0
    assert found["coverage@3"] == 3 / 5


def test_a_perfect_ranking_is_one() -> None:
    asked = held_out([[], [1]], [[3, 2], [3]], [1.0, 1.0, 1.0])
    found = evaluate_ranking(Fixed(np.array([0.0, 1.0, 2.0, 3.0])), asked, ks=(2,), rng=derive(1))
    assert found.per_user["ndcg@2"].tolist() == [1.0, 1.0]
    assert found.per_user["recall@2"].tolist() == [1.0, 1.0]


def test_repeats_count_when_seen_items_may_be_recommended() -> None:
    asked = held_out([[0]], [[0]], [2.0])
    scorer = Fixed(np.array([9.0, 1.0]))
    kept = evaluate_ranking(scorer, asked, ks=(1,), rng=derive(1), exclude_seen=False)
    left_out = evaluate_ranking(scorer, asked, ks=(1,), rng=derive(1))
    assert (kept.means()["hr@1"], left_out.means()["hr@1"]) == (1.0, 0.0)


def test_ties_are_broken_fairly() -> None:
    """With all scores equal, a target is in the best 2 of 8 a quarter of the time, wherever its code is."""
    codes = [[code] for code in range(8)]
    asked = held_out([[]] * 8, codes, [1.0] * 8)
    draws = [
        evaluate_ranking(Fixed(np.zeros(8)), asked, ks=(2,), rng=derive(3, draw)).per_user["hr@2"]
        for draw in range(800)
    ]
    rate = np.mean(draws, axis=0)
    assert abs(rate - 0.25).max() < 4 * (0.25 * 0.75 / 800) ** 0.5


def test_k_beyond_the_catalogue() -> None:
    asked = held_out([[0]], [[1]], [1.0])
    found = evaluate_ranking(Fixed(np.array([1.0, 2.0])), asked, ks=(50,), rng=derive(1)).means()
    assert found["recall@50"] == 1.0
    assert found["precision@50"] == 1 / 50


def test_same_generator_same_figures() -> None:
    asked = held_out([[0], [1]], [[1], [0]], [1.0, 1.0])
    runs = [evaluate_ranking(Fixed(np.zeros(4)), asked, ks=(2,), rng=derive(5)).means() for _ in range(2)]
    assert runs[0] == runs[1]


def test_nobody_to_ask_is_refused() -> None:
    with pytest.raises(BadInputError, match="at least one user"):
        evaluate_ranking(Fixed(np.zeros(4)), held_out([], [], []), ks=(2,), rng=derive(5))
    with pytest.raises(BadInputError, match="k"):
        evaluate_ranking(Fixed(np.zeros(4)), held_out([[]], [[1]], [1.0]), ks=(0,), rng=derive(5))


def test_the_interval_covers_the_true_mean() -> None:
    """Of 400 intervals over 50 users each, about 95% hold the mean they were drawn around."""
    draws = derive(2).binomial(1, 0.4, size=(400, 50)).astype(float)
    bounds = [Ranking(per_user={"hr@1": row}, coverage={}).interval("hr@1") for row in draws]
    covered = np.mean([low <= 0.4 <= high for low, high in bounds])
    assert 0.91 < covered < 0.98


def _oracle(items: Ints, targets: Ints, values: Floats, k: int) -> dict[str, float]:
    money = dict(zip(targets.tolist(), values.tolist(), strict=True))
    hits = [item in money for item in items.tolist()[:k]]
    gains = [hit / np.log2(rank + 1) for rank, hit in enumerate(hits, start=1)]
    ideal = [1 / np.log2(rank + 1) for rank in range(1, min(k, len(money)) + 1)]
    return {
        "recall": sum(hits) / len(money),
        "precision": sum(hits) / k,
        "hr": float(any(hits)),
        "mrr": next((1 / rank for rank, hit in enumerate(hits, start=1) if hit), 0.0),
        "ndcg": sum(gains) / sum(ideal),
        "revenue": sum(money.get(item, 0.0) for item in items.tolist()[:k]),
    }


@given(st.integers(0, 10_000), st.integers(1, 12))
@settings(max_examples=150, deadline=None)
def test_agrees_with_an_oracle_that_goes_user_by_user(seed: int, k: int) -> None:
    rng = derive(seed)
    n, n_items = 6, 9
    targets = [rng.permutation(n_items)[: rng.integers(1, 5)] for _ in range(n)]
    asked = held_out([[]] * n, [row.tolist() for row in targets], [])
    asked = replace(asked, values=rng.uniform(0, 9, len(asked.targets.items)))
    items = np.stack([rng.permutation(n_items) for _ in range(n)])
    items[:, 7:] = -1
    found = measure(items, asked, n_items, (k,)).per_user
    for row in range(n):
        start, stop = asked.targets.offsets[row : row + 2]
        expected = _oracle(items[row][items[row] >= 0], targets[row], asked.values[start:stop], k)
        assert {name: found[f"{name}@{k}"][row] for name in expected} == pytest.approx(expected)
