"""No model gains from the order of the codes, from that of the users, or from the size of a block."""

from dataclasses import dataclass

import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.evaluation.ranking import evaluate_ranking
from equipoise.models import dense
from equipoise.models.dense import BLOCK_CELLS, DenseScorer
from equipoise.random import derive
from equipoise.types import Floats

from .conftest import held_out


@dataclass(frozen=True, slots=True)
class Undecided(DenseScorer):
    """Equal scores for every item; refuses to score more than a block."""

    n: int

    @property
    def n_items(self) -> int:
        return self.n

    def score(self, histories: Histories) -> Floats:
        assert len(histories) * self.n <= dense.BLOCK_CELLS, "more than a block was asked for"
        return np.zeros((len(histories), self.n), np.float32)


N, USERS, K = 20, 3000, 5


@pytest.mark.parametrize("code", [0, 7, N - 1])
def test_an_undecided_model_gets_what_a_random_ranking_gets(code: int) -> None:
    """The target is at each rank of 1 to N with the same chance, whatever its code."""
    found = evaluate_ranking(
        Undecided(N), held_out([[]] * USERS, [[code]] * USERS), ks=(K,), rng=derive(4, code)
    )
    ranks = np.arange(1, K + 1)
    expected = {"hr": K / N, "mrr": (1 / ranks).sum() / N, "ndcg": (1 / np.log2(ranks + 1)).sum() / N}
    for name, value in expected.items():
        error = found.per_user[f"{name}@{K}"].std() / USERS**0.5
        assert abs(found.means()[f"{name}@{K}"] - value) < 4 * error
    assert found.means()["auc"] == 0.5
    assert found.coverage[f"coverage@{K}"] == 1.0
    assert found.coverage[f"gini@{K}"] < 0.05


def test_each_user_draws_an_order_of_their_own() -> None:
    """Ties that fall alike for all users would make one draw of luck decide the whole comparison."""
    found = evaluate_ranking(
        Undecided(N), held_out([[]] * USERS, [[3]] * USERS), ks=(K,), rng=derive(9)
    ).per_user[f"hr@{K}"]
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 4 / USERS**0.5


def test_what_was_seen_takes_no_part_in_the_draw() -> None:
    asked = held_out([list(range(N - 4))] * 400, [[N - 1]] * 400)
    found = evaluate_ranking(Undecided(N), asked, ks=(1, 4), rng=derive(2)).means()
    assert found["hr@4"] == 1.0
    assert abs(found["hr@1"] - 0.25) < 4 * (0.25 * 0.75 / 400) ** 0.5


def test_the_size_of_a_block_changes_nothing_and_is_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = held_out([[1, 2]] * 60, [[5, 6]] * 60)
    whole = evaluate_ranking(Undecided(N), asked, ks=(K,), rng=derive(6))
    monkeypatch.setattr(dense, "BLOCK_CELLS", 7 * N)
    parts = evaluate_ranking(Undecided(N), asked, ks=(K,), rng=derive(6))
    for name, values in whole.per_user.items():
        np.testing.assert_array_equal(values, parts.per_user[name])


def test_no_more_than_a_block_of_many_items_is_asked_for() -> None:
    wide = BLOCK_CELLS // 2
    found = evaluate_ranking(Undecided(wide), held_out([[]] * 3, [[1]] * 3), ks=(2,), rng=derive(6))
    assert len(found.per_user["auc"]) == 3
