from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import LinBoltzmann, LinBoltzmannPolicy, Options
from equipoise.random import derive
from equipoise.types import Floats

RATES = np.array([0.10, 0.11, 0.05, 0.02, 0.08])


def offer(*items: int) -> Options:
    m = len(items)
    return Options(
        items=np.array([items]),
        scores=np.zeros((1, m)),
        features=np.ones((1, m, 1)),
        context=np.zeros((1, 0)),
    )


def after(shown: list[int], rewards: Floats, policy: LinBoltzmannPolicy) -> LinBoltzmannPolicy:
    n = len(shown)
    return policy.update(
        LoggedFeedback(
            items=np.array(shown),
            features=np.ones((n, 1)),
            positions=np.zeros(n, np.int64),
            propensities=np.ones(n),
            rewards=rewards,
            impressions=np.ones(n),
        )
    )


def chances(policy: LinBoltzmannPolicy, options: Options) -> Floats:
    m = options.items.shape[1]
    return np.array([policy.propensities(options, np.array([[place]]))[0, 0] for place in range(m)])


def learnt(n: int, seed: int) -> LinBoltzmannPolicy:
    """Return a policy that saw each of five items `n` times."""
    items = np.tile(np.arange(5), n)
    rewards = (derive(seed, "sure").random(5 * n) < RATES[items]).astype(np.float64)
    return after(items.tolist(), rewards, LinBoltzmann(temperature=1.0, half_life=1e12).start(1))


def test_exploration_ends_when_the_posterior_is_sure() -> None:
    options = offer(0, 1, 2, 3, 4)
    early = [learnt(20, seed).decide(options, 4, rng=derive(1, "draws")).exploration[0] for seed in range(20)]
    late = learnt(400_000, 1).decide(options, 4, rng=derive(1, "draws"))
    assert np.mean(early) > 0.3
    assert late.exploration[0] < 1e-6
    assert late.actions.tolist() == [[1, 0, 4, 2]]


def test_an_unseen_item_gets_its_chance_beside_well_known_equals() -> None:
    start = LinBoltzmann().start(1, np.array([0.2]))
    policy = after([0, 1] * 2_000, np.tile([1.0, 1.0, *[0.0] * 8], 400), start)
    assert chances(policy, offer(0, 1, 7))[2] > 0.5


def test_an_item_well_known_to_be_bad_is_left_alone() -> None:
    items = [0, 1] * 4_000
    policy = after(items, np.tile([1.0, 0.0, *[0.0] * 8], 800), LinBoltzmann().start(1))
    assert chances(policy, offer(0, 1))[1] < 1e-6


def test_a_higher_temperature_spreads_the_choice() -> None:
    rewards = np.tile([0.11, 0.10, 0.09], 50)
    cold, warm = (
        chances(after([0, 1, 2] * 50, rewards, LinBoltzmann(temperature=size).start(1)), offer(0, 1, 2))
        for size in (0.1, 1.0)
    )
    assert warm.max() < cold.max()
    assert np.argmax(warm) == np.argmax(cold) == 0


@pytest.mark.parametrize(
    "settings", [{"temperature": 0.0}, {"optimism": -0.1}, {"half_life": 0.0}, {"temperature": float("nan")}]
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="lin_boltzmann: needs optimism >= 0"):
        LinBoltzmann(**settings)
