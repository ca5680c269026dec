"""What policies over policies share: the law of the mixture, and what they tell of their experts."""

from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import (
    NOTHING,
    Corral,
    EpsilonGreedy,
    Exp4,
    Greedy,
    LinBoltzmann,
    Mmr,
    Options,
    Uniform,
)
from equipoise.policies.mixture import Mixture, told
from equipoise.random import derive


def offer(n: int, m: int) -> Options:
    rng = derive(1, "options")
    return Options(
        items=np.tile(np.arange(m), (n, 1)),
        scores=np.tile(rng.normal(size=m), (n, 1)),
        features=np.tile(rng.normal(size=(m, 3)), (n, 1, 1)),
        context=np.zeros((n, 0)),
    )


EXPERTS = (Uniform(), LinBoltzmann(temperature=1.0), Mmr(policy=EpsilonGreedy(epsilon=0.3)))


KINDS: list[Any] = [Exp4, Corral]


@pytest.fixture(params=KINDS)
def mixture(request: pytest.FixtureRequest) -> Mixture:
    policy: Mixture = request.param(policies=EXPERTS).start(3, np.array([0.5, 0.2, -0.2]))
    return policy


def test_chances_are_those_of_the_experts_mixed(mixture: Mixture) -> None:
    options = offer(1, 5)
    for first in range(5):
        actions = np.array([[first]])
        alone = [expert.propensities(options, actions)[0, 0] for expert in mixture.experts]
        assert mixture.propensities(options, actions)[0, 0] == pytest.approx(mixture.shares @ alone)


def test_it_tells_what_each_expert_made_of_every_slot(mixture: Mixture) -> None:
    options = offer(30, 6)
    slates = mixture.decide(options, 4, rng=derive(2, "draws"))
    assert slates.by_expert is not None
    assert slates.by_expert.shape == (30, 4, 3)
    np.testing.assert_allclose(slates.by_expert @ mixture.shares, slates.propensities)
    np.testing.assert_allclose(slates.by_expert[0, :, 0], [1 / 6, 1 / 5, 1 / 4, 1 / 3])
    expert = mixture.experts[1].propensities(options, slates.actions)
    np.testing.assert_allclose(slates.by_expert[:, :, 1], expert)


def test_an_expert_that_would_not_have_gone_that_way_still_has_its_say() -> None:
    options, scores = offer(200, 3), offer(1, 3).scores[0]
    policy = Exp4(policies=(Greedy(), Uniform())).start(3)
    slates = policy.decide(options, 2, rng=derive(3, "draws"))
    strayed = slates.actions[:, 0] != scores.argmax()
    back = strayed & (slates.actions[:, 1] == scores.argmax())
    assert slates.by_expert is not None
    assert back.any()
    assert (slates.by_expert[strayed, 0, 0] == 0.0).all()
    assert (slates.by_expert[back, 1, 0] == 1.0).all()


def test_where_nothing_is_left_there_is_nothing_to_tell(mixture: Mixture) -> None:
    slates = mixture.decide(offer(3, 1), 2, rng=derive(4, "draws"))
    assert (slates.actions[:, 1] == NOTHING).all()
    assert slates.by_expert is not None
    assert np.isfinite(slates.by_expert).all()


def test_rows_of_other_mixtures_are_not_known(shown: Any) -> None:
    assert not told(shown([1, 2], [0.0, 1.0]), 3)[1].any()


@pytest.mark.parametrize("kind", KINDS)
def test_no_policies_are_refused(kind: Any) -> None:
    with pytest.raises(BadInputError, match="policies: name at least one"):
        kind(policies=()).start(3)
