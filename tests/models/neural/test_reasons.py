import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.models import Explains
from equipoise.models.neural.reasons import missed
from equipoise.random import derive
from equipoise.types import Floats

from .nets import LEARNERS, N_ITEMS, scorer
from .rings import ring
from .test_gru import TINY

NOTHING = [[-1, -1]]


@pytest.mark.parametrize("name", sorted(LEARNERS))
def test_a_reason_is_what_the_score_would_lose(name: str) -> None:
    model, history = scorer(name), [3, 1, 4, 1, 5]
    assert isinstance(model, Explains)
    found = model.because(Histories.of([history, history]), np.array([7, 2]), 4)
    for row, item in enumerate([7, 2]):
        whole = model.score(Histories.of([history]))[0, item]
        lost = {
            met: whole - model.score(Histories.of([[each for each in history if each != met]]))[0, item]
            for met in history
        }
        expected = sorted((-loss, met) for met, loss in lost.items() if loss > 1e-4)
        assert [met for _, met in expected] == [met for met in found.items[row] if met >= 0]
        np.testing.assert_allclose(
            found.scores[row, : len(expected)], [-loss for loss, _ in expected], rtol=1e-3, atol=1e-5
        )


def test_what_the_next_item_follows_from_is_its_reason() -> None:
    """On a ring what comes next follows from the newest item, whatever was before."""
    model = TINY.fit(ring(100, 20, 8), rng=derive(1))
    newest = np.arange(20)
    asked = Histories.of(list(np.stack([(newest + 9) % 20, (newest + 14) % 20, newest], axis=1)))
    found = model.because(asked, (newest + 1) % 20, 3)
    assert (found.items[:, 0] == newest).mean() >= 0.9


def test_a_sum_is_told_as_it_is_and_each_history_read_once() -> None:
    calls: list[int] = []
    table = np.eye(4, dtype=np.float32)[:, [1, 2, 3, 0]]

    def encode(histories: Histories) -> Floats:
        calls.append(len(histories))
        return np.stack([np.bincount(row, minlength=4)[:4].astype(np.float32) for row in histories])

    # An item is raised by the one before it, once for each time that was met.
    histories = Histories.of([[0, 1, 0, 99], [0, 1, 0], [], [2]])
    found = missed(encode, table, np.zeros(4, np.float32), histories, np.array([1, 2, 1, 77]), 2)
    assert calls == [3, 1, 2]
    assert found.items.tolist() == [[0, -1], [1, -1], *NOTHING, *NOTHING]
    np.testing.assert_array_equal(found.scores[:2, 0], [2, 1])


@pytest.mark.parametrize("asked", [[[N_ITEMS + 3]], [[]]])
def test_an_unknown_item_and_an_empty_history_have_no_reason(asked: list[list[int]]) -> None:
    assert scorer("gru").because(Histories.of(asked), np.array([1]), 2).items.tolist() == NOTHING
    assert scorer("gru").because(Histories.of([[1]]), np.array([-1]), 2).items.tolist() == NOTHING
