from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.balance import Balanced, BalancedPolicy
from equipoise.balance.balanced import _Directed
from equipoise.balance.signals import Drift
from equipoise.data.feedback import LoggedFeedback
from equipoise.policies import BankGreedy, Options
from equipoise.policies.sampler import Slot
from equipoise.random import derive
from equipoise.simulation.runner import Trace, run
from equipoise.simulation.worlds import SameItems

SEEDS = range(1, 9)
RATES = np.array([0.05, 0.3, 0.1, 0.2])


def played(config: Any, seed: int) -> Trace:
    world = SameItems(n_items=20, click_rate=0.1)
    d = world.start(seed).requests(1).features.shape[2]
    rng = derive(seed, "balanced")
    return run(world.start(seed), config.start(d), rounds=2_000, batch=25, k=1, rng=rng)


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    return [played(Balanced(), seed) for seed in SEEDS]


def offer(*items: int) -> Options:
    m = len(items)
    return Options(
        items=np.array([items]),
        scores=np.zeros((1, m)),
        features=np.zeros((1, m, 1)),
        context=np.zeros((1, 0)),
    )


def chances(policy: BalancedPolicy, *items: int) -> Any:
    """Return how likely each of `items` is shown on top."""
    options = offer(*items)
    return np.array([policy.propensities(options, np.array([[place]]))[0, 0] for place in range(len(items))])


def taught(times: Any, *, seed: int = 1) -> BalancedPolicy:
    """Return the policy after each of the first items was shown so many `times`."""
    rng = derive(seed, "taught")
    items = rng.permutation(np.repeat(np.arange(len(times)), times))
    n = len(items)
    news = LoggedFeedback(
        items=items,
        features=np.zeros((n, 1)),
        positions=np.zeros(n, np.int64),
        propensities=np.ones(n),
        rewards=(rng.random(n) < RATES[items]).astype(np.float64),
        impressions=np.ones(n),
    )
    return Balanced().start(1).update(news)


def told(clicks: float, *, of: int, seed: int) -> LoggedFeedback:
    rng = derive(seed, "told")
    return LoggedFeedback(
        items=np.zeros(of, np.int64),
        features=np.zeros((of, 1)),
        positions=np.zeros(of, np.int64),
        propensities=np.ones(of),
        rewards=(rng.random(of) < clicks).astype(np.float64),
        impressions=np.ones(of),
    )


def test_a_jump_of_taste_is_noticed_and_passes() -> None:
    """In one batch, for a single item is learnt anew within a few dozen impressions."""
    policy = replace(Balanced().start(1), drift=Drift(patience=1_000.0, tolerance=0.2).start())
    for batch in range(70):
        policy = policy.update(told(0.1, of=20, seed=batch))
    assert policy.reading.alarms == 0
    assert not policy.drifting
    policy = policy.update(told(0.9, of=100, seed=70))
    assert policy.reading.alarms == 1
    assert policy.drifting
    for batch in range(71, 200):
        policy = policy.update(told(0.9, of=20, seed=batch))
    assert policy.reading.alarms == 1
    assert not policy.drifting


def test_surprises_of_the_first_requests_are_no_drift() -> None:
    policy = replace(Balanced().start(1), drift=Drift(patience=2.0).start())
    for batch in range(10):
        policy = policy.update(told(0.9, of=20, seed=batch))
    assert policy.reading.alarms == 0


def test_greedy_locks_in_more_often(traces: list[Trace]) -> None:
    greedy = sum(played(BankGreedy(), seed).regret.sum() for seed in SEEDS)
    assert sum(trace.regret.sum() for trace in traces) < 0.7 * greedy


def test_it_explores_less_as_there_is_less_to_learn(traces: list[Trace]) -> None:
    early, late = (
        sum(trace.explored[part].sum() / trace.shown[part].sum() for trace in traces)
        for part in (slice(1, 17), slice(-16, None))
    )
    assert early > 2.0 * late
    assert early > 0.1


def test_it_tries_what_nobody_has_seen_beside_what_is_known() -> None:
    """A shop of four, of which the last item was shown but once."""
    policy = taught([300, 40, 300, 1])
    shares = chances(policy, 0, 1, 2, 3)
    assert shares.sum() == pytest.approx(1.0)
    assert shares[3] > 0.02
    assert shares[0] < 0.01


def test_it_is_greedy_where_all_is_known() -> None:
    shares = chances(taught([5_000] * 4), 0, 1, 2, 3)
    np.testing.assert_allclose(shares, [0.0, 1.0, 0.0, 0.0], atol=1e-9)


@pytest.mark.parametrize(
    ("looked", "explores"),
    [
        ([1.0, 1.0, 1.0, 1.0], [True, True, True, True]),
        ([1.0, 0.5, 0.5, 0.48], [False, True, True, True]),
        ([1.0, 0.8, 0.6, 0.4], [False, False, False, True]),
        ([1.0, 0.6, 0.2, 0.1], [False, True, False, False]),
    ],
)
def test_it_explores_at_the_lowest_slot_that_tells_and_where_as_many_look(
    looked: list[float], explores: list[bool]
) -> None:
    """Nothing sets the candidates apart but chance, so wherever exploring is allowed it is worth while."""
    policy = taught([300, 40, 300, 1])
    options = offer(*range(8))
    drawn = policy.belief.drawn(options.items, options.features)
    told = np.append(looked, np.full(len(drawn.looked) - 4, looked[-1]))
    weigh, left = _Directed.by(replace(drawn, looked=told)), drawn.means
    for position in range(4):
        slot = Slot(
            position=position,
            left=left,
            best=left.max(axis=1, keepdims=True),
            explored=np.zeros((1, 1), np.int64),
            above=np.zeros((1, position), np.int64),
            below=3 - position,
        )
        assert ((weigh(slot) > 0.0).sum() > 1) == explores[position]


def test_it_says_what_items_have_beyond_their_features_and_how_unsure_it_is() -> None:
    shops = [taught([1_000, 1_000, 1_000, 10], seed=seed) for seed in range(1, 6)]
    means, deviations = shops[0].means(5), shops[0].deviations(5)
    np.testing.assert_array_equal(np.argsort(means[:3]), [0, 2, 1])
    gaps = [known[1] - known[0] for known in (shop.means(5) for shop in shops)]
    assert np.mean(gaps) == pytest.approx(np.log(0.3 / 0.7) - np.log(0.05 / 0.95), abs=0.4)
    assert means[4] == 0.0
    assert (np.diff(deviations[[1, 3, 4]]) > 0.0).all()


def test_the_same_state_decides_the_same() -> None:
    one, two = taught([50, 50, 50, 5]), taught([50, 50, 50, 5])
    np.testing.assert_array_equal(chances(one, 0, 1, 2, 3), chances(two, 0, 1, 2, 3))
