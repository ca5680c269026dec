import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.policy import NOTHING, Options, Slates
from equipoise.random import derive
from equipoise.simulation.impressions import impressions, joined, nothing
from equipoise.simulation.runner import run
from equipoise.simulation.worlds import DelayedPurchases, Linear
from equipoise.simulation.worlds import Slates as SlatesWorld
from equipoise.types import Floats, Ints


class Plain:
    """An environment of the three methods only: candidate j earns j / 10, for ever."""

    def requests(self, n: int) -> Options:
        items = np.tile([10, 11, 12], (n, 1))
        return Options(items=items, scores=items * 0.0, features=np.ones((n, 3, 2)), context=np.ones((n, 1)))

    def react(self, options: Options, slates: Slates) -> Floats:
        return np.where(slates.actions < 0, 0, slates.actions / 10)

    def best(self, options: Options, k: int) -> Floats:
        return np.full(len(options), [0.2, 0.3, 0.3][k - 1])


class Wrong(Plain):
    def react(self, options: Options, slates: Slates) -> Floats:
        return np.zeros(len(options))


class Listening:
    """A policy of fixed slates that keeps what it is told."""

    def __init__(self, actions: list[int]) -> None:
        self.actions = actions
        self.heard = nothing()

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        actions = np.tile(self.actions, (len(options), 1))
        return Slates(
            actions=actions,
            propensities=np.full(actions.shape, 0.25),
            explored=actions == 1,
            exploration=np.zeros(len(options)),
        )

    def propensities(self, options: Options, actions: Ints) -> Floats:
        return np.full(actions.shape, 0.25)

    def update(self, feedback: LoggedFeedback) -> "Listening":
        later = Listening(self.actions)
        later.heard = joined(self.heard, feedback)
        self.later = later
        return later


def last(policy: Listening) -> Listening:
    while hasattr(policy, "later"):
        policy = policy.later
    return policy


def test_an_environment_of_three_methods_will_do() -> None:
    trace = run(Plain(), Listening([1, NOTHING]), rounds=25, batch=10, k=2, rng=derive(0))
    assert trace.rounds.tolist() == [10, 10, 5]
    np.testing.assert_allclose(trace.reward, [1.0, 1.0, 0.5])
    np.testing.assert_allclose(trace.regret, [2.0, 2.0, 1.0])
    assert trace.shown.tolist() == [10, 10, 5]
    assert trace.explored.tolist() == [10, 10, 5]


def test_a_policy_hears_of_every_shown_position_once() -> None:
    policy = Listening([2, NOTHING, 0])
    run(Plain(), policy, rounds=4, batch=2, k=3, rng=derive(0))
    heard = last(policy).heard
    assert heard.items.tolist() == [12, 10] * 4
    assert heard.positions.tolist() == [0, 2] * 4
    np.testing.assert_allclose(heard.rewards, [0.2, 0.0] * 4)
    assert heard.impressions.tolist() == [1.0] * 8
    assert set(heard.propensities) == {0.25}


def test_late_rewards_add_up_and_count_no_impression_twice() -> None:
    policy = Listening([0])
    world = DelayedPurchases(purchase_rate=0.2, delay=30, window=60).start(1)
    trace = run(world, policy, rounds=2_000, batch=10, k=1, rng=derive(0))
    heard = last(policy).heard
    assert heard.impressions.sum() == 2_000
    assert heard.rewards.sum() == trace.reward.sum()
    waiting = sum(len(rows) for _, rows in world.post.waiting)
    assert 0 < waiting < 30
    assert heard.rewards[heard.impressions == 1].sum() == 0
    assert abs(trace.reward.sum() / 2_000 / (0.2 * world.plan.delay.credited) - 1) < 0.15


def test_regret_is_expected_and_never_negative() -> None:
    trace = run(SlatesWorld().start(0), Listening([3, 1, 2]), rounds=400, batch=50, k=3, rng=derive(0))
    assert (trace.regret > 0).all()
    realised = run(Linear().start(0), Listening([3]), rounds=20_000, batch=100, k=1, rng=derive(0))
    best = Linear().start(0)
    possible = best.best(best.requests(20_000), 1).sum()
    error = 4 * 0.5 * np.sqrt(20_000)
    assert abs(possible - realised.reward.sum() - realised.regret.sum()) < error


def test_rewards_of_a_wrong_shape_are_refused() -> None:
    with pytest.raises(BadInputError, match=r"react returned rewards \(2,\); return \(2, 1\)"):
        run(Wrong(), Listening([0]), rounds=2, batch=2, k=1, rng=derive(0))


@pytest.mark.parametrize("name", ["rounds", "batch", "k"])
def test_sizes_are_checked(name: str) -> None:
    sizes = {"rounds": 2, "batch": 1, "k": 1} | {name: 0}
    with pytest.raises(BadInputError, match=f"{name}: must be at least 1"):
        run(
            Plain(), Listening([0]), rounds=sizes["rounds"], batch=sizes["batch"], k=sizes["k"], rng=derive(0)
        )


def test_slates_of_a_wrong_shape_and_policies_that_are_none_are_refused() -> None:
    with pytest.raises(BadInputError, match=r"policy: decide returned actions \(2, 3\); return \(2, 1\)"):
        run(Plain(), Listening([0, 1, 2]), rounds=2, batch=2, k=1, rng=derive(0))
    with pytest.raises(BadInputError, match="policy: Wrong must have decide and propensities"):
        run(Plain(), Wrong(), rounds=2, batch=2, k=1, rng=derive(0))  # type: ignore[arg-type]


def test_feedback_leaves_out_what_nobody_knows() -> None:
    options = Plain().requests(2)
    slates = Listening([0, 2]).decide(options, 2, rng=derive(0))
    rows = impressions(options, slates, np.array([[np.nan, 0.5], [0.1, np.nan]]))
    assert rows.items.tolist() == [12, 10]
    assert rows.rewards.tolist() == [0.5, 0.1]
