import numpy as np
import pytest

from equipoise.models.neural.backends.recurrence import gru_states, gru_step, lstm_states, lstm_step
from equipoise.random import derive

SIZE = 5


@pytest.mark.parametrize(("rows", "places"), [(1, 1), (3, 7), (0, 4), (2, 0)])
def test_a_history_is_as_many_steps(rows: int, places: int) -> None:
    rng = derive(3)
    x = rng.normal(0, 2, (rows, places, 4 * SIZE)).astype(np.float32)
    back = rng.normal(size=(4 * SIZE, SIZE)).astype(np.float32)
    bias = rng.normal(size=3 * SIZE).astype(np.float32)
    of_gru, of_lstm = gru_states(x[..., : 3 * SIZE], back[: 3 * SIZE], bias), lstm_states(x, back)
    assert of_gru.shape == of_lstm.shape == (rows, places, SIZE)
    assert of_gru.dtype == of_lstm.dtype == np.float32
    state, output, cell = np.zeros((3, rows, SIZE), np.float32)
    for place in range(places):
        state = gru_step(x[:, place, : 3 * SIZE], state, back[: 3 * SIZE], bias)
        output, cell = lstm_step(x[:, place], output, cell, back)
        np.testing.assert_allclose(of_gru[:, place], state, atol=2e-6)
        np.testing.assert_allclose(of_lstm[:, place], output, atol=2e-6)


def test_what_is_given_stays_as_it_is() -> None:
    rng = derive(3)
    x = rng.normal(size=(2, 3, 4 * SIZE)).astype(np.float32)
    before, back = x.copy(), rng.normal(size=(4 * SIZE, SIZE)).astype(np.float32)
    gru_states(x[..., : 3 * SIZE], back[: 3 * SIZE], back[: 3 * SIZE, 0])
    lstm_states(x, back)
    np.testing.assert_array_equal(x, before)


def test_strong_inputs_overflow_nothing() -> None:
    x = np.full((1, 3, 4 * SIZE), 1e4, np.float32)
    back = np.full((4 * SIZE, SIZE), -1e4, np.float32)
    assert np.isfinite(gru_states(x[..., : 3 * SIZE], back[: 3 * SIZE], back[: 3 * SIZE, 0])).all()
    assert np.isfinite(lstm_states(x, back)).all()
