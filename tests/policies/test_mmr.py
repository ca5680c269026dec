from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import LinBoltzmann, LinGreedy, Mmr, Options, Uniform
from equipoise.random import derive
from equipoise.types import Floats

WEIGHTS = np.array([1.0, 0.0, 0.0])


def offer(*rows: list[float]) -> Options:
    features = np.array([rows])
    m = len(rows)
    return Options(
        items=np.arange(m)[None], scores=np.zeros((1, m)), features=features, context=np.zeros((1, 0))
    )


TWINS = offer([1.0, 1.0, 0.0], [0.95, 1.0, 0.0], [0.7, -1.0, 1.0], [0.0, -1.0, -1.0])
"""The second is nearly the first; the third is worth less and unlike both."""


def slate(policy: Any, options: Options, k: int) -> list[int]:
    actions: list[int] = policy.decide(options, k, rng=derive(1, "draws")).actions[0].tolist()
    return actions


def test_the_like_of_what_is_above_waits_its_turn() -> None:
    assert slate(LinGreedy().start(3, WEIGHTS), TWINS, 3) == [0, 1, 2]
    assert slate(Mmr(relevance=0.6).start(3, WEIGHTS), TWINS, 3) == [0, 2, 1]


def test_relevance_1_is_the_policy_inside() -> None:
    for config in (LinGreedy(), LinBoltzmann()):
        inside, around = config.start(3, WEIGHTS), Mmr(policy=config, relevance=1.0).start(3, WEIGHTS)
        actions = np.array([[2, 0, 1]])
        np.testing.assert_allclose(around.propensities(TWINS, actions), inside.propensities(TWINS, actions))


def by_the_book(worth: Floats, features: Floats, relevance: float, k: int) -> list[int]:
    """Return the greedy slate of the formula in the paper, with worths as shares of their range."""
    centred = features - features.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    chosen: list[int] = []
    for _ in range(k):
        likest = [max([0.0, *(float(unit[a] @ unit[b]) for b in chosen)]) for a in range(len(worth))]
        value = relevance * worth / np.ptp(worth) - (1 - relevance) * np.array(likest)
        value[chosen] = -np.inf
        chosen.append(int(value.argmax()))
    return chosen


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_formula_of_the_paper(seed: int) -> None:
    features = derive(seed, "features").normal(size=(12, 3))
    expected = by_the_book(features @ WEIGHTS, features, 0.7, 6)
    assert slate(Mmr(relevance=0.7).start(3, WEIGHTS), offer(*features.tolist()), 6) == expected


def test_putting_another_first_for_its_unlikeness_is_no_exploration() -> None:
    slates = Mmr(relevance=0.6).start(3, WEIGHTS).decide(TWINS, 3, rng=derive(1, "draws"))
    assert not slates.explored.any()
    assert slates.exploration[0] == 0.0


def test_it_teaches_the_policy_inside_and_tells_what_that_knows(shown: Any) -> None:
    policy = Mmr().start(1).update(shown([0, 1], [1.0, 0.0]))
    assert (
        policy.means(2).tolist() == LinGreedy().start(1).update(shown([0, 1], [1.0, 0.0])).means(2).tolist()
    )
    careless = Mmr(policy=Uniform()).start(1)
    assert careless.update(shown([0, 1], [1.0, 0.0])).deviations(2).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("relevance", [0.0, 1.1, float("nan")])
def test_a_relevance_outside_its_range_is_refused(relevance: float) -> None:
    with pytest.raises(BadInputError, match="relevance: must lie in"):
        Mmr(relevance=relevance)
