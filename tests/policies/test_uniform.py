import numpy as np

from equipoise.policies import Options, Uniform
from equipoise.random import derive


def test_every_candidate_left_is_as_likely_and_the_highest_score_is_its_guess() -> None:
    options = Options(
        items=np.arange(4)[None],
        scores=np.array([[0.0, 9.0, 1.0, 2.0]]),
        features=np.zeros((1, 4, 2)),
        context=np.zeros((1, 0)),
    )
    policy = Uniform().start(2)
    slates = policy.decide(options, 4, rng=derive(1, "draws"))
    np.testing.assert_allclose(slates.propensities, [[1 / 4, 1 / 3, 1 / 2, 1]])
    np.testing.assert_allclose(slates.exploration, (3 / 4 + 2 / 3 + 1 / 2) / 4)
