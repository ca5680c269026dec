import numpy as np

from equipoise.policies import Greedy, Options
from equipoise.random import derive


def test_scores_are_the_order_and_ties_are_split() -> None:
    options = Options(
        items=np.arange(4)[None],
        scores=np.array([[1.0, 3.0, 2.0, 2.0]]),
        features=np.zeros((1, 4, 2)),
        context=np.zeros((1, 0)),
    )
    slates = Greedy().start(2).decide(options, 4, rng=derive(1, "draws"))
    assert slates.actions[0, 0] == 1
    assert set(slates.actions[0, 1:3].tolist()) == {2, 3}
    assert slates.actions[0, 3] == 0
    np.testing.assert_allclose(slates.propensities, [[1.0, 0.5, 1.0, 1.0]])
    assert not slates.explored.any()
