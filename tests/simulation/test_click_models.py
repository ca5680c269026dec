import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.random import derive
from equipoise.simulation.parts.click_models import Cascade, ClickModel, PositionBias, Rates

APPEALS = np.array([[0.5, 0.2, 0.0, 0.4]])
PATIENCE = np.array([0.8])


def test_a_cascade_stops_at_the_first_click_or_when_patience_ends() -> None:
    reached = [1.0, 0.5 * 0.8, 0.5 * 0.8 * 0.8 * 0.8, 0.5 * 0.8 * 0.8 * 0.8 * 1.0 * 0.8]
    np.testing.assert_allclose(Cascade().expected(APPEALS, PATIENCE)[0], APPEALS[0] * reached)


def test_position_bias_decays_from_the_top() -> None:
    np.testing.assert_allclose(PositionBias(0.5).expected(APPEALS, PATIENCE)[0], [0.5, 0.1, 0.0, 0.05])


@pytest.mark.parametrize("model", [Cascade(), PositionBias(0.5), PositionBias(), Rates(0.3)])
def test_draws_have_the_expected_mean_at_every_position(model: ClickModel) -> None:
    n = 40_000
    drawn = model.draw(np.repeat(APPEALS, n, axis=0), np.repeat(PATIENCE, n), derive(1, "draws"))
    error = drawn.std(axis=0) / np.sqrt(n)
    assert (abs(drawn.mean(axis=0) - model.expected(APPEALS, PATIENCE)[0]) <= 4 * error + 1e-12).all()


def test_a_cascade_has_at_most_one_click() -> None:
    drawn = Cascade().draw(np.full((1_000, 4), 0.7), np.ones(1_000), derive(2))
    assert drawn.sum(axis=1).max() == 1
    assert drawn.sum() > 900


def test_a_decay_that_grows_downwards_is_refused() -> None:
    with pytest.raises(BadInputError, match="decay"):
        PositionBias(1.5)
