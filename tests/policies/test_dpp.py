from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import Dpp, LinBoltzmann, Mmr, Options, Protected
from equipoise.random import derive
from equipoise.types import Floats

WEIGHTS = np.array([1.0, 0.0, 0.5])


def offer(features: Floats) -> Options:
    m = len(features)
    return Options(
        items=np.arange(m)[None], scores=np.zeros((1, m)), features=features[None], context=np.zeros((1, 0))
    )


def kernel_of(features: Floats, own: float) -> Floats:
    centred = features - features.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    kernel: Floats = (1 - own) * unit @ unit.T + own * np.eye(len(features))
    return kernel


def by_determinants(worth: Floats, kernel: Floats, relevance: float, k: int) -> list[int]:
    """Return the greedy slate that maximises the objective, each determinant worked out in full."""
    chosen: list[int] = []
    for _ in range(k):
        values = np.full(len(worth), -np.inf)
        for item in set(range(len(worth))) - set(chosen):
            slate = [*chosen, item]
            determinant = np.linalg.slogdet(kernel[np.ix_(slate, slate)])[1]
            values[item] = relevance * worth[slate].sum() / np.ptp(worth) + (1 - relevance) * determinant
        chosen.append(int(values.argmax()))
    return chosen


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_greedy_slate_of_largest_determinant(seed: int) -> None:
    features = derive(seed, "features").normal(size=(14, 3))
    expected = by_determinants(features @ WEIGHTS, kernel_of(features, 0.1), 0.6, 8)
    policy = Dpp(relevance=0.6, own=0.1).start(3, WEIGHTS)
    assert policy.decide(offer(features), 8, rng=derive(1, "draws")).actions[0].tolist() == expected


def test_slates_longer_than_the_features_are_many_stay_ordered_by_worth() -> None:
    features = np.array([[3.0], [1.0], [2.0], [0.0]])
    slates = Dpp(relevance=0.9).start(1, np.array([1.0])).decide(offer(features), 4, rng=derive(1, "draws"))
    assert sorted(slates.actions[0].tolist()) == [0, 1, 2, 3]
    assert slates.actions[0, 0] == 0


def test_it_goes_around_and_inside_others() -> None:
    """Revisions add up, and propensities are those of the walk, whatever is around what."""
    features = derive(9, "features").normal(size=(8, 3))
    config: Any = Protected(policy=Mmr(policy=Dpp(policy=LinBoltzmann(temperature=1.0))), positions=2)
    policy, options = config.start(3, WEIGHTS), offer(features)
    slates = policy.decide(options, 5, rng=derive(1, "draws"))
    np.testing.assert_allclose(policy.propensities(options, slates.actions), slates.propensities)
    assert (slates.propensities[0, :2] == 1.0).all()
    assert (slates.propensities[0, 2:] < 1.0).all()


def test_an_own_share_of_nothing_is_refused() -> None:
    with pytest.raises(BadInputError, match="own: must lie in"):
        Dpp(own=0.0)
