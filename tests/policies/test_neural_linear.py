from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import LinThompson, NeuralLinear, Options
from equipoise.random import derive
from equipoise.simulation.runner import run
from equipoise.simulation.worlds import Nonlinear

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_it_beats_a_linear_model_where_taste_is_not_linear() -> None:
    """Half of it lies in squares."""

    def regret(config: NeuralLinear | LinThompson) -> float:
        world = Nonlinear(crossing=0.0, bending=1.0, click_rate=0.2).start(1)
        trace = run(world, config.start(11), rounds=5_000, batch=50, k=1, rng=derive(1))
        return float(trace.regret[50:].sum())

    assert regret(NeuralLinear()) < 0.9 * regret(LinThompson())


def test_it_trains_after_so_many_rows(planted: Rows) -> None:
    start = NeuralLinear(period=100).start(3)
    early = start.update(planted(99, WEIGHTS))
    late = early.update(planted(1, WEIGHTS))
    np.testing.assert_array_equal(early.layer.weights, start.layer.weights)
    assert not np.array_equal(late.layer.weights, start.layer.weights)
    assert late.waiting == 0


def test_the_last_layer_rests_on_the_rows_kept(planted: Rows) -> None:
    policy = NeuralLinear(period=100, memory=150).start(3).update(planted(400, WEIGHTS))
    seen = policy.layer.represent(policy.rows.features)
    np.testing.assert_allclose(policy.ridge.sums.response, policy.rows.rewards @ seen)
    assert len(policy.rows) == 150


def test_a_prior_mean_speaks_of_the_features(offered: Request) -> None:
    policy = NeuralLinear().start(3, np.array([1.0, 0.0, 0.0]))
    worth, _ = policy.weighing(offered(np.eye(3)))
    np.testing.assert_allclose(worth, [[1.0, 0.0, 0.0]], atol=1e-12)


@pytest.mark.parametrize("settings", [{"width": 0}, {"draws": 0}, {"scale": 0.0}, {"period": 0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="neural_linear: needs"):
        NeuralLinear(**settings)
