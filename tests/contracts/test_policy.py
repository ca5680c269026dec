"""What every policy must hold: exact propensities, no mutation, same bits, the disk, hard input."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from inspect import signature
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chisquare

import equipoise.balance
import equipoise.policies
from equipoise.artifact import load_artifact, save_artifact
from equipoise.balance import POLICIES, named
from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import NOTHING, LearningPolicy, Options, Policy
from equipoise.policies.sampler import Slot, best_left
from equipoise.random import derive
from equipoise.types import Floats, Ints

D = 3
N_ITEMS = 40
NAMES = sorted(POLICIES)


def offer(n: int, m: int, *, seed: int = 1) -> Options:
    rng = derive(seed, "options")
    return Options(
        items=np.stack([rng.permutation(N_ITEMS)[:m] for _ in range(n)]).reshape(n, m),
        scores=rng.normal(size=(n, m)),
        features=rng.normal(size=(n, m, D)).astype(np.float32),
        context=np.zeros((n, 0)),
    )


def repeated(options: Options, times: int) -> Options:
    return Options(
        items=np.repeat(options.items, times, axis=0),
        scores=np.repeat(options.scores, times, axis=0),
        features=np.repeat(options.features, times, axis=0),
        context=np.repeat(options.context, times, axis=0),
    )


def feedback(n: int, *, seed: int = 2) -> LoggedFeedback:
    rng = derive(seed, "feedback")
    return LoggedFeedback(
        items=rng.integers(0, N_ITEMS // 2, n),
        features=rng.normal(size=(n, D)).astype(np.float32),
        positions=rng.integers(0, 5, n),
        propensities=np.full(n, 0.5),
        rewards=(rng.random(n) < 0.1).astype(np.float64),
        impressions=np.ones(n),
    )


def experienced(name: str) -> Policy:
    policy = named(name).start(D, np.array([0.05, 0.02, -0.02]))
    return policy.update(feedback(400)) if isinstance(policy, LearningPolicy) else policy


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def policy(name: str) -> Policy:
    return experienced(name)


def arrays(thing: Any) -> list[Floats]:
    """Return copies of all arrays in a tree of dataclasses."""
    if isinstance(thing, np.ndarray):
        return [thing.copy()]
    if isinstance(thing, tuple):
        return [array for part in thing for array in arrays(part)]
    parts = [getattr(thing, f.name) for f in fields(thing)] if is_dataclass(thing) else []
    return [array for part in parts for array in arrays(part)]


def same(left: Sequence[Floats], right: Sequence[Floats]) -> bool:
    return len(left) == len(right) and all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))


def test_every_exported_configuration_has_a_name() -> None:
    packages = equipoise.policies, equipoise.balance
    exported: list[Any] = [getattr(package, name) for package in packages for name in package.__all__]
    started = [
        thing
        for thing in exported
        if "n_features" in signature(getattr(thing, "start", id)).parameters
        and "Config" not in thing.__name__
    ]
    configurations = {thing.__name__ for thing in started}
    assert configurations == {type(named(name)).__name__ for name in POLICIES}


def test_it_is_a_policy(policy: Policy) -> None:
    assert isinstance(policy, Policy)


def test_propensities_are_the_frequencies_of_slates(policy: Policy) -> None:
    options, times = offer(1, 4), 50_000
    slates = policy.decide(repeated(options, times), 2, rng=derive(3, "draws"))
    possible = np.array(list(permutations(range(4), 2)))
    expected = policy.propensities(repeated(options, len(possible)), possible).prod(axis=1)
    drawn = (slates.actions[:, None, :] == possible[None]).all(axis=2).sum(axis=0)
    assert expected.sum() == pytest.approx(1.0)
    assert (drawn[expected == 0.0] == 0).all()
    enough = expected * times >= 5
    rest = max(times - drawn[enough].sum(), 0), times * (1.0 - expected[enough].sum())
    observed = np.append(drawn[enough], rest[0]) if rest[1] >= 5 else drawn[enough]
    awaited = np.append(expected[enough], rest[1] / times) if rest[1] >= 5 else expected[enough]
    if len(observed) > 1:
        assert chisquare(observed, awaited / awaited.sum() * observed.sum()).pvalue > 1e-4
    else:
        assert observed.sum() == pytest.approx(times, abs=50)


def test_propensities_are_the_frequencies_at_each_position_of_a_long_slate(policy: Policy) -> None:
    """The mean over draws of P(item | those above) is the item's frequency at that position."""
    options, times, k = repeated(offer(1, 30), 2_000), 2_000, 10
    slates = policy.decide(options, k, rng=derive(4, "draws"))
    for place in (0, 4, 9):
        for item in range(0, 30, 10):
            asked = slates.actions.copy()
            asked[:, place] = item
            chance = policy.propensities(options, asked)[:, place]
            seen = slates.actions[:, place] == item
            error = np.sqrt((chance * (1 - chance)).sum()) / times
            assert seen.mean() == pytest.approx(chance.mean(), abs=4.5 * error + 1e-12)


def test_decide_and_propensities_agree(policy: Policy) -> None:
    options = offer(50, 12)
    slates = policy.decide(options, 5, rng=derive(5, "draws"))
    np.testing.assert_allclose(policy.propensities(options, slates.actions), slates.propensities, rtol=1e-12)
    assert (slates.propensities > 0).all()
    assert (slates.propensities <= 1).all()


def test_propensities_sum_to_one_over_the_actions_of_a_slot(policy: Policy) -> None:
    options, m = offer(1, 9), 9
    above = policy.decide(options, 4, rng=derive(6, "draws")).actions[:, :3]
    asked = np.concatenate([np.repeat(above, m, axis=0), np.arange(m)[:, None]], axis=1)
    chances = policy.propensities(repeated(options, m), asked)[:, 3]
    assert chances.sum() == pytest.approx(1.0)
    assert (chances[above[0]] == 0).all()


def test_a_slate_repeats_no_candidate(policy: Policy) -> None:
    slates = policy.decide(offer(200, 12), 12, rng=derive(7, "draws"))
    assert (np.sort(slates.actions, axis=1) == np.arange(12)).all()


def test_exact_ties_share_their_chance(policy: Policy) -> None:
    options = offer(1, 6)
    options = replace(
        options,
        items=np.full((1, 6), 0) + N_ITEMS,
        scores=np.zeros((1, 6)),
        features=np.zeros((1, 6, D), np.float32),
    )
    first = policy.propensities(repeated(options, 6), np.arange(6)[:, None])[:, 0]
    np.testing.assert_allclose(first, 1 / 6)
    slates = policy.decide(repeated(options, 6000), 1, rng=derive(8, "draws"))
    assert chisquare(np.bincount(slates.actions[:, 0], minlength=6)).pvalue > 1e-4
    assert not slates.explored.any()


@pytest.mark.parametrize("size", [1e-30, 1e8, 1e30])
def test_extreme_features_and_scores_stay_numbers(policy: Policy, size: float) -> None:
    options = offer(20, 8)
    options = replace(
        options,
        features=(options.features.astype(np.float64) * size).astype(np.float32),
        scores=options.scores * size,
    )
    assert_sound(policy, options, 4)


def test_missing_scores_and_features_stay_numbers(policy: Policy) -> None:
    options = offer(4, 8)
    scores, features = options.scores.copy(), options.features.copy()
    scores[0], scores[1, :3], scores[2] = -np.inf, np.nan, np.inf
    features[1, :3], features[2], features[3] = np.nan, np.inf, np.nan
    with np.errstate(invalid="ignore"):
        assert_sound(policy, replace(options, scores=scores, features=features), 8)


def assert_sound(policy: Policy, options: Options, k: int) -> None:
    slates = policy.decide(options, k, rng=derive(9, "draws"))
    with np.errstate(over="raise"):
        again = policy.propensities(options, slates.actions)
    assert np.isfinite(slates.propensities).all()
    assert (slates.propensities > 0).all()
    assert np.isfinite(slates.exploration).all()
    np.testing.assert_allclose(again, slates.propensities, rtol=1e-9)


def test_masked_candidates_are_never_drawn(policy: Policy) -> None:
    options = offer(300, 8)
    masked = derive(10, "mask").random((300, 8)) < 0.4
    options = replace(options, items=np.where(masked, NOTHING, options.items))
    slates = policy.decide(options, 8, rng=derive(11, "draws"))
    filled = slates.actions != NOTHING
    assert (filled.sum(axis=1) == (~masked).sum(axis=1)).all()
    rows = np.nonzero(filled)[0]
    assert not masked[rows, slates.actions[filled]].any()


def test_more_positions_than_candidates(policy: Policy) -> None:
    options = offer(3, 2)
    slates = policy.decide(options, 5, rng=derive(12, "draws"))
    assert (slates.actions[:, 2:] == NOTHING).all()
    assert (slates.propensities[:, 2:] == 1.0).all()
    assert not slates.explored[:, 2:].any()
    np.testing.assert_allclose(policy.propensities(options, slates.actions), slates.propensities)


@pytest.mark.parametrize(("n", "m", "k"), [(0, 5, 3), (3, 0, 3), (0, 0, 2), (3, 5, 0)])
def test_nothing_to_decide(policy: Policy, n: int, m: int, k: int) -> None:
    options = Options(
        items=np.zeros((n, m), np.int64),
        scores=np.zeros((n, m)),
        features=np.zeros((n, m, D)),
        context=np.zeros((n, 0)),
    )
    slates = policy.decide(options, k, rng=derive(13, "draws"))
    assert slates.actions.shape == slates.propensities.shape == slates.explored.shape == (n, k)
    assert slates.exploration.shape == (n,)
    assert policy.propensities(options, slates.actions).shape == (n, k)
    if m == 0:
        assert (slates.actions == NOTHING).all()


def test_impossible_actions_have_no_chance(policy: Policy) -> None:
    options = offer(1, 4)
    twice = policy.propensities(options, np.array([[2, 2, 1]]))
    early = policy.propensities(options, np.array([[NOTHING, 1, 2]]))
    assert (twice[0, 1:] == 0).all()
    assert (early == 0).all()


def test_actions_outside_the_candidates_are_refused(policy: Policy) -> None:
    with pytest.raises(BadInputError, match="actions: must be places among 4 candidates"):
        policy.propensities(offer(1, 4), np.array([[4]]))


def test_a_negative_k_is_refused(policy: Policy) -> None:
    with pytest.raises(BadInputError, match="k: must not be negative"):
        policy.decide(offer(1, 4), -1, rng=derive(1, "draws"))


def test_unseen_items_are_candidates_like_any_other(policy: Policy) -> None:
    options = offer(10, 6)
    assert_sound(policy, replace(options, items=options.items + 10_000), 6)


def test_the_same_generator_gives_the_same_bits(policy: Policy) -> None:
    options = offer(30, 10)
    one, two = (policy.decide(options, 4, rng=derive(14, "draws")) for _ in range(2))
    assert same(arrays(one), arrays(two))


def test_a_batch_is_its_rows(policy: Policy) -> None:
    """The chances of a request do not depend on who else asks."""
    options = offer(5, 10)
    actions = policy.decide(options, 4, rng=derive(15, "draws")).actions
    whole = policy.propensities(options, actions)
    for row in range(5):
        alone = Options(
            items=options.items[[row]],
            scores=options.scores[[row]],
            features=options.features[[row]],
            context=options.context[[row]],
        )
        np.testing.assert_allclose(policy.propensities(alone, actions[[row]])[0], whole[row], rtol=1e-9)


def test_inputs_are_left_alone(policy: Policy) -> None:
    options, before = offer(5, 10), arrays(offer(5, 10))
    slates = policy.decide(options, 4, rng=derive(16, "draws"))
    policy.propensities(options, slates.actions)
    assert same(arrays(options), before)


def test_explored_means_not_the_best_guess_of_what_is_left(policy: Any) -> None:
    """The best guess given what is above: a policy may revise what the rest is worth."""
    options = offer(40, 10)
    left, revise = policy.weighing(options)[0].astype(np.float64), policy.revising(options)
    slates = policy.decide(options, 5, rng=derive(17, "draws"))
    for place in range(5):
        chosen, above = slates.actions[:, [place]], slates.actions[:, :place]
        slot = Slot(place, left, best_left(left), np.zeros((40, 1), np.int64), above, 0)
        guess = left if revise is None else revise(slot)
        short = np.take_along_axis(guess, chosen, 1) < guess.max(axis=1, keepdims=True)
        np.testing.assert_array_equal(slates.explored[:, place], short[:, 0])
        np.put_along_axis(left, chosen, -np.inf, 1)


def test_exploration_is_the_expected_share_explored(policy: Policy) -> None:
    options = repeated(offer(1, 10), 20_000)
    slates = policy.decide(options, 5, rng=derive(18, "draws"))
    error = slates.explored.mean(axis=1).std() / np.sqrt(len(options))
    assert slates.exploration.mean() == pytest.approx(slates.explored.mean(), abs=4 * error + 1e-9)


def test_it_decides_the_same_from_the_disk(policy: Policy, tmp_path: Path) -> None:
    save_artifact(policy, tmp_path / "policy")
    loaded: Any = load_artifact(type(policy), tmp_path / "policy")
    options = offer(30, 10)
    one, two = (each.decide(options, 4, rng=derive(19, "draws")) for each in (policy, loaded))
    assert same(arrays(one), arrays(two))
    assert same(arrays(loaded), arrays(policy))
    assert repr(loaded) == repr(policy)
    if isinstance(policy, LearningPolicy):
        assert same(arrays(loaded.update(feedback(9))), arrays(policy.update(feedback(9))))


LEARNING = [name for name in NAMES if isinstance(named(name).start(D), LearningPolicy)]
KNOWING_ITEMS = [name for name in LEARNING if hasattr(named(name).start(D), "means")]
IN_ORDER = {
    "balanced",
    "balanced_open",
    "bank_greedy",
    "fast_cb",
    "lin_ids",
    "logistic_thompson",
    "neural_linear",
}
"""These learn row by row from where they stand, so a late reward tells them nearly, not exactly, the same."""


def learning(name: str) -> Any:
    return experienced(name)


def lasting(config: Any) -> Any:
    """Return `config`, and those it holds, with all that is learnt remembered for good."""
    if isinstance(config, tuple):
        return tuple(map(lasting, config))
    held = {f.name: getattr(config, f.name) for f in fields(config)}
    changed = {
        name: lasting(thing)
        for name, thing in held.items()
        if is_dataclass(thing) or isinstance(thing, tuple)
    }
    return replace(config, **changed, **({"half_life": 1e15} if "half_life" in held else {}))


@pytest.mark.parametrize("name", LEARNING)
def test_an_update_leaves_the_old_policy_alone(name: str) -> None:
    policy = learning(name)
    before = arrays(policy)
    news = feedback(100, seed=5)
    untouched = arrays(news)
    after = policy.update(news)
    assert same(arrays(policy), before)
    assert same(arrays(news), untouched)
    assert not same(arrays(after), before)


@pytest.mark.parametrize("name", LEARNING)
def test_no_feedback_changes_nothing(name: str) -> None:
    policy = learning(name)
    assert same(arrays(policy.update(feedback(0))), arrays(policy))


@pytest.mark.parametrize("name", LEARNING)
def test_late_rewards_are_worth_what_they_were_on_time(name: str) -> None:
    """Forgetting aside, an impression and its late reward make the posterior they make together."""
    start, news = lasting(named(name)).start(D), feedback(400)
    liked = (news.features @ np.array([1.0, 0.5, 0.0]) > 1.0).astype(np.float64)
    shown = replace(news, positions=np.zeros(400, np.int64), rewards=liked)
    on_time = start.update(shown)
    silent = replace(shown, rewards=np.zeros(400))
    late = replace(shown, impressions=np.zeros(400))
    delayed = start.update(silent).update(late)
    options = offer(10, 8)
    one, two = on_time.weighing(options)[0], delayed.weighing(options)[0]
    if name in IN_ORDER:
        assert np.corrcoef(one.ravel(), two.ravel())[0, 1] > 0.75
    else:
        np.testing.assert_allclose(one, two, rtol=1e-9)
    if name in KNOWING_ITEMS and name not in IN_ORDER:
        np.testing.assert_allclose(on_time.deviations(N_ITEMS), delayed.deviations(N_ITEMS), rtol=1e-9)


@pytest.mark.parametrize("name", KNOWING_ITEMS)
def test_it_learns_which_item_earns(name: str) -> None:
    """Item 3 earns often, the others never: it must come first, though all features are alike."""
    learnt = after_item_three_earned(name, np.ones((8, D)))
    assert np.argmax(learnt.means(8)) == 3


@pytest.mark.parametrize("name", LEARNING)
def test_it_learns_what_earns(name: str) -> None:
    """As above, with features that tell item 3 from the others."""
    features = np.ones((8, D))
    features[:, 1] = np.where(np.arange(8) == 3, 1.0, -1.0)
    after_item_three_earned(name, features)


def after_item_three_earned(name: str, features: Floats) -> Any:
    """Return the policy of that name once it knows: item 3 of 8, with `features` (8, d), comes first."""
    policy: Any = named(name).start(D)
    items = np.arange(400) % 8
    news = replace(
        feedback(400),
        items=items,
        features=features[items],
        positions=np.zeros(400, np.int64),
        rewards=(items == 3).astype(np.float64),
    )
    options = Options(
        items=np.arange(8)[None],
        scores=np.zeros((1, 8)),
        features=features[None],
        context=np.zeros((1, 0)),
    )
    learnt = policy.update(news)
    assert learnt.propensities(options, np.array([[3]]))[0, 0] > 0.9
    return learnt


@pytest.mark.parametrize("name", KNOWING_ITEMS)
def test_what_was_shown_is_known_better(name: str) -> None:
    """On average: under a heavy-tailed prior a surprise may leave a single item less sure than before."""
    deviations: Floats = learning(name).deviations(N_ITEMS + 5)
    assert deviations.shape == (N_ITEMS + 5,)
    assert (deviations[: N_ITEMS // 2] ** 2).mean() < deviations[N_ITEMS:].min() ** 2


@pytest.mark.parametrize("name", LEARNING)
def test_feedback_of_other_features_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="features: the policy knows 3, but the feedback has 5"):
        learning(name).update(replace(feedback(4), features=np.ones((4, 5))))


@pytest.mark.parametrize("name", LEARNING)
def test_a_prior_of_another_length_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="prior_mean: must have 3 weights"):
        named(name).start(D, np.zeros(4))


def test_actions_are_places_not_codes(policy: Policy) -> None:
    options = offer(20, 6)
    actions: Ints = policy.decide(options, 3, rng=derive(20, "draws")).actions
    assert actions.min() >= 0
    assert actions.max() < 6
