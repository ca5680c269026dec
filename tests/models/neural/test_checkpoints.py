from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models import GRU, GatedSASRec
from equipoise.models.neural import checkpoints_in
from equipoise.models.neural.weights import Weights
from equipoise.progress import watched_by
from equipoise.random import derive

TINY = GatedSASRec(embedding_size=8, length=6, epochs=4, batch_items=60, validation_users=10, n_negatives=8)
ASKED = Histories.of([[1, 2], [3]])


class Killed(Exception):
    """What a kill is played by."""


def data(n_items: int = 20, seed: int = 4) -> Interactions:
    rng = derive(seed)
    return orders([rng.permutation(20)[:6].tolist() for _ in range(60)], n_items)


@pytest.fixture
def half_way(tmp_path: Path) -> Path:
    """A folder of a training that was killed in its third epoch."""

    def kill(what: str, done: int, total: int, note: str) -> None:
        if done == 3:
            raise Killed

    with checkpoints_in(tmp_path / "run"), watched_by(kill), pytest.raises(Killed):
        TINY.fit(data(), rng=derive(1))
    return tmp_path / "run"


def test_what_was_killed_goes_on_to_the_same_bits(half_way: Path) -> None:
    assert [path.name for path in half_way.iterdir()] == ["epoch-00002"]
    seen: list[int] = []
    with checkpoints_in(half_way), watched_by(lambda what, done, total, note: seen.append(done)):
        resumed = TINY.fit(data(), rng=derive(1))
    assert seen == [3, 4]
    whole = TINY.fit(data(), rng=derive(1))
    np.testing.assert_array_equal(resumed.score(ASKED), whole.score(ASKED))


def test_a_checkpoint_cut_short_is_passed_over(half_way: Path) -> None:
    (half_way / "epoch-00003").mkdir()
    with checkpoints_in(half_way):
        resumed = TINY.fit(data(), rng=derive(1))
    np.testing.assert_array_equal(resumed.score(ASKED), TINY.fit(data(), rng=derive(1)).score(ASKED))


@pytest.mark.parametrize(
    ("learner", "trained", "what"),
    [
        (TINY, data(n_items=21), r"another catalogue \(20 items, this one has 21\)"),
        (TINY, data(seed=5), "other data"),
        (replace(TINY, dropout=0.1), data(), "other settings"),
        (GRU(), data(), "other settings"),
    ],
)
def test_a_checkpoint_of_something_else_is_refused(
    half_way: Path, learner: GatedSASRec, trained: Interactions, what: str
) -> None:
    with checkpoints_in(half_way), pytest.raises(BadInputError, match=f"checkpoint: .* is of {what}"):
        learner.fit(trained, rng=derive(1))
    assert [path.name for path in half_way.iterdir()] == ["epoch-00002"]


def test_a_loss_that_is_not_a_number_stops_and_keeps_the_last_good(
    half_way: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from equipoise.models.neural import objective

    def broken(self: objective.Objective, *given: object) -> object:
        return real(self, *given) * float("nan")  # type: ignore[arg-type]

    real = objective.Objective.__call__
    monkeypatch.setattr(objective.Objective, "__call__", broken)
    wrong = r"learning_rate: gated_sasrec: the loss is nan at step \d+, epoch 3; lower it; .*epoch-00002"
    with checkpoints_in(half_way), pytest.raises(BadInputError, match=wrong):
        TINY.fit(data(), rng=derive(1))
    assert [path.name for path in half_way.iterdir()] == ["epoch-00002"]


def test_a_gradient_that_is_not_a_number_stops_before_it_is_kept(
    half_way: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loss of the last step of the epoch is fine, and the weights after it are not."""
    from equipoise.models.neural import objective

    def broken(self: objective.Objective, weights: Weights, *given: Any) -> Any:
        # The root of nothing adds 0 to the loss, and infinity to its gradient.
        return real(self, weights, *given) + (weights.bias * 0.0).sum().sqrt()

    real = objective.Objective.__call__
    monkeypatch.setattr(objective.Objective, "__call__", broken)
    learner = replace(TINY, batch_items=10_000)
    with (
        checkpoints_in(half_way / "other"),
        pytest.raises(BadInputError, match="a weight is not a number at"),
    ):
        learner.fit(data(), rng=derive(1))
    assert not (half_way / "other").exists()
