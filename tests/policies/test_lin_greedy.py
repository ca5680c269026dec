import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import LinGreedy, Options
from equipoise.random import derive


def test_it_shows_the_best_guess_first_and_never_explores() -> None:
    features = derive(1, "features").normal(size=(20, 9, 3))
    options = Options(
        items=np.tile(np.arange(9), (20, 1)),
        scores=np.zeros((20, 9)),
        features=features,
        context=np.zeros((20, 0)),
    )
    weights = np.array([0.1, -0.2, 0.3])
    slates = LinGreedy().start(3, weights).decide(options, 4, rng=derive(1, "draws"))
    np.testing.assert_array_equal(slates.actions, np.argsort(-features @ weights, axis=1)[:, :4])
    assert (slates.propensities == 1.0).all()
    assert not slates.explored.any()
    assert (slates.exploration == 0.0).all()


@pytest.mark.parametrize("half_life", [0.0, -1.0, float("nan")])
def test_settings_that_mean_nothing_are_refused(half_life: float) -> None:
    with pytest.raises(BadInputError, match="needs half_life > 0"):
        LinGreedy(half_life=half_life)
