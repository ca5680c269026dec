from itertools import permutations

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import ByPlace, Greedy, Options, Sometimes


def offer(n: int, m: int = 4) -> Options:
    return Options(
        items=np.tile(np.arange(m), (n, 1)),
        scores=np.tile(np.arange(m, 0.0, -1.0), (n, 1)),
        features=np.zeros((n, m, 1)),
        context=np.zeros((n, 0)),
    )


def test_a_slate_is_as_likely_as_one_coin_for_the_whole_of_it_makes_it() -> None:
    """Not the product of a coin a position: the slots above betray who fills the slate."""
    slates = np.array(list(permutations(range(4), 3)))
    options, greedy, near = offer(len(slates)), Greedy().start(1), ByPlace().start(1)
    chances = Sometimes(greedy, near, 0.2).propensities(options, slates).prod(axis=1)
    parts = [policy.propensities(options, slates).prod(axis=1) for policy in (greedy, near)]
    np.testing.assert_allclose(chances, 0.8 * parts[0] + 0.2 * parts[1], rtol=1e-12)
    assert chances.sum() == pytest.approx(1.0)


def test_what_is_said_is_what_is_drawn() -> None:
    policy, options = Sometimes(Greedy().start(1), ByPlace().start(1), 0.5), offer(20_000)
    slates = policy.decide(options, 2, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(policy.propensities(options, slates.actions), slates.propensities)
    best = (slates.actions == [0, 1]).all(axis=1)
    assert best.mean() == pytest.approx(slates.propensities[best][0].prod(), abs=0.01)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_that_leaves_one_of_them_out_is_refused(share: float) -> None:
    with pytest.raises(BadInputError, match="share"):
        Sometimes(Greedy().start(1), ByPlace().start(1), share)
