import numpy as np
import pytest
import torch

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.neural.backends.on_numpy import OnNumpy
from equipoise.models.neural.backends.on_torch import OnTorch
from equipoise.models.neural.net import Net
from equipoise.models.neural.scorer import ages
from equipoise.models.neural.tree import leaves, mapped
from equipoise.random import derive

from .nets import LEARNERS, LENGTH, N_ITEMS, SIZE, scorer, weights

NAMES = list(LEARNERS)
RECURRENT = ["gru", "lstm"]


def net(name: str) -> Net:
    return weights(name).net


def inputs(rows: int = 3) -> np.ndarray:
    return derive(7).normal(size=(rows, LENGTH, SIZE)).astype(np.float32)


@pytest.mark.parametrize("name", NAMES)
def test_torch_and_numpy_compute_the_same(name: str) -> None:
    made, x, places = net(name), inputs(), ages(np.array([5, 3, 1]), LENGTH)
    learning = mapped(made, torch.from_numpy)
    expected = learning(torch.from_numpy(x), places, OnTorch(0.0)).numpy()
    np.testing.assert_allclose(made(x, places, OnNumpy()), expected, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_everything_learns(name: str) -> None:
    """Each array of a net has a gradient, under dropout too."""
    torch.manual_seed(1)
    learning = mapped(net(name), lambda array: torch.tensor(array, requires_grad=True))
    vectors = learning(torch.from_numpy(inputs()), ages(np.full(3, LENGTH), LENGTH), OnTorch(0.2))
    (vectors * torch.from_numpy(inputs())).sum().backward()
    assert all(leaf.grad is not None and leaf.grad.abs().sum() > 0 for leaf in leaves(learning))


@pytest.mark.parametrize("name", NAMES)
def test_the_future_is_not_seen(name: str) -> None:
    made, one = net(name), inputs()
    two = np.concatenate([one[:, :3], -one[:, 3:]], axis=1)
    places = ages(np.full(3, LENGTH), LENGTH)
    first, second = (made(x, places, OnNumpy())[:, :3] for x in (one, two))
    np.testing.assert_allclose(first, second, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_a_history_matters(name: str) -> None:
    one, two = (scorer(name).score(Histories.of([row])) for row in ([1, 2, 3], [3, 1, 2]))
    assert abs(one - two).max() > 1e-3


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_short_and_long_histories_score_as_alone(name: str, unit: bool) -> None:
    made = scorer(name, unit=unit)
    rows = [[1, 2], [3], [], [0, 1, 2, 3, 4, 5, 6, 7]]
    alone = np.concatenate([made.score(Histories.of([row])) for row in rows])
    np.testing.assert_allclose(made.score(Histories.of(rows)), alone, atol=1e-4)
    np.testing.assert_array_equal(alone[2], made.bias)
    newest = made.score(Histories.of([rows[3][-LENGTH:]]))
    np.testing.assert_allclose(alone[3], newest[0], atol=1e-4)


def test_cosines_are_between_plus_and_minus_scale() -> None:
    made = scorer("gru")
    cosines = (made.score(Histories.of([[1], [2, 3]])) - made.bias) / made.scale
    assert abs(cosines).max() <= 1.0 + 1e-6
    np.testing.assert_allclose(np.linalg.norm(made.items, axis=1), 1.0, rtol=1e-5)


@pytest.mark.parametrize("name", RECURRENT)
def test_one_event_at_a_time_is_the_whole_history(name: str) -> None:
    made = scorer(name)
    states = made.started(2)
    for pair in ([1, 4], [2, N_ITEMS + 3], [0, 5]):
        states = made.advanced(states, np.array(pair))
    expected = made.score(Histories.of([[1, 2, 0], [4, 5]]))
    np.testing.assert_allclose(made.score_states(states), expected, atol=1e-4)


def test_attention_keeps_no_state() -> None:
    with pytest.raises(BadInputError, match="net: keeps no state; fit gru or lstm"):
        scorer("sasrec").started(1)
