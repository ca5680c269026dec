"""What is new gets its share and no more, whatever else is believed, and propensities stay exact."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chisquare

from equipoise.artifact import load_artifact, save_artifact
from equipoise.balance import POLICIES, named
from equipoise.errors import BadInputError
from equipoise.policies import Introducing, LinBoltzmann, LinGreedy, Options, SlotBySlot, Uniform
from equipoise.policies.limited import Limited
from equipoise.random import derive

D = 3
PRIOR = np.array([0.05, 0.02, -0.02])
GREEDY = LinGreedy().start(1, np.ones(1))


def offer(n: int, m: int, *, seed: int = 1) -> Options:
    rng = derive(seed, "options")
    return Options(
        items=np.stack([rng.permutation(40)[:m] for _ in range(n)]),
        scores=rng.normal(size=(n, m)),
        features=rng.normal(size=(n, m, D)),
        context=np.zeros((n, 0)),
    )


def worth(*worths: float, times: int = 1) -> Options:
    """Return options that `GREEDY` believes to be worth `worths`."""
    m = len(worths)
    return Options(
        items=np.tile(np.arange(m), (times, 1)),
        scores=np.zeros((times, m)),
        features=np.tile(np.array(worths)[:, None], (times, 1, 1)),
        context=np.zeros((times, 0)),
    )


def repeated(options: Options, times: int) -> Options:
    return Options(
        items=np.repeat(options.items, times, axis=0),
        scores=np.repeat(options.scores, times, axis=0),
        features=np.repeat(options.features, times, axis=0),
        context=np.repeat(options.context, times, axis=0),
    )


def introducing(policy: SlotBySlot, fresh: tuple[int, ...], share: float, n: int = 1) -> Introducing:
    return Introducing(policy=policy, fresh=np.tile(np.array(fresh, np.bool_), (n, 1)), share=share)


def chances(policy: SlotBySlot, options: Options, above: tuple[int, ...] = ()) -> Any:
    """Return P(each candidate | those `above`), (m,)."""
    m = options.items.shape[1]
    slates = np.array([[*above, place] for place in range(m)])
    return policy.propensities(options, slates)[:, -1]


@pytest.mark.parametrize(
    "policy",
    [Uniform().start(D), LinGreedy().start(D, PRIOR), LinBoltzmann(temperature=1.0).start(D, PRIOR)],
)
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_propensities_are_the_frequencies_of_slates(policy: SlotBySlot, share: float) -> None:
    options, times, fresh = offer(1, 4), 50_000, (0, 1, 0, 1)
    possible = np.array(list(permutations(range(4), 3)))
    slates = introducing(policy, fresh, share, times).decide(
        repeated(options, times), 3, rng=derive(1, "draws")
    )
    asked = introducing(policy, fresh, share, len(possible))
    expected = asked.propensities(repeated(options, len(possible)), possible).prod(axis=1)
    drawn = (slates.actions[:, None, :] == possible[None]).all(axis=2).sum(axis=0)
    assert expected.sum() == pytest.approx(1.0)
    assert (drawn[expected == 0.0] == 0).all()
    some = expected > 0.0
    if some.sum() > 1:
        assert chisquare(drawn[some], expected[some] * times).pvalue > 1e-4
    again = introducing(policy, fresh, share, times).propensities(repeated(options, times), slates.actions)
    np.testing.assert_allclose(again, slates.propensities, rtol=1e-12)


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_it_can_be_held_around_every_policy(name: str) -> None:
    """Around each, what is new has at least its share, and replays tell the chances drawn by."""
    options, times, fresh = offer(1, 6, seed=3), 1_000, (1, 1, 0, 0, 0, 0)
    policy: Any = named(name).start(D, PRIOR)
    slates = introducing(policy, fresh, 0.3, times).decide(
        repeated(options, times), 2, rng=derive(1, "every")
    )
    expected = chances(introducing(policy, fresh, 0.3, 6), repeated(options, 6))
    assert expected.sum() == pytest.approx(1.0)
    assert expected[:2].sum() >= 0.3 - 1e-12
    drawn, some = np.bincount(slates.actions[:, 0], minlength=6), expected > 1e-3
    assert chisquare(drawn[some], expected[some] * drawn[some].sum() / expected[some].sum()).pvalue > 1e-4
    again = introducing(policy, fresh, 0.3, times).propensities(repeated(options, times), slates.actions)
    np.testing.assert_allclose(again, slates.propensities, rtol=1e-9)


def test_what_is_new_shares_its_chance_by_worth_and_the_rest_is_the_policys() -> None:
    policy = introducing(GREEDY, (0, 1, 1, 1), 0.2, 4)
    found = chances(policy, worth(9.0, 3.0, 1.0, -5.0, times=4))
    np.testing.assert_allclose(found, [0.8, 0.15, 0.05, 0.0])


@pytest.mark.parametrize("worths", [(9.0, 0.0, 0.0), (9.0, -1.0, -2.0), (9.0, np.nan, -np.inf)])
def test_all_that_is_new_has_the_same_chance_where_none_is_worth_anything(worths: tuple[float, ...]) -> None:
    policy = introducing(GREEDY, (0, 1, 1), 0.2, 3)
    np.testing.assert_allclose(chances(policy, worth(*worths, times=3)), [0.8, 0.1, 0.1])


@pytest.mark.parametrize("unit", [1e-320, 1e-100, 1e99])
def test_shares_do_not_depend_on_the_unit_of_worth(unit: float) -> None:
    policy = introducing(GREEDY, (0, 1, 1), 0.2, 3)
    found = chances(policy, worth(9 * unit, 4 * unit, 4 * unit, times=3))
    np.testing.assert_allclose(found, [0.8, 0.1, 0.1])


def test_the_policy_chooses_where_nothing_new_is_left() -> None:
    policy = introducing(GREEDY, (0, 1, 0), 0.2, 3)
    found = chances(policy, worth(3.0, 2.0, 1.0, times=3), above=(1,))
    np.testing.assert_allclose(found, [1.0, 0.0, 0.0])


def test_places_without_a_candidate_are_never_new() -> None:
    options = replace(worth(3.0, 2.0, 2.0), items=np.array([[0, 1, -1]]))
    slates = introducing(GREEDY, (0, 1, 1), 1.0).decide(options, 3, rng=derive(2, "draws"))
    assert slates.actions.tolist() == [[1, 0, -1]]
    assert slates.propensities.tolist() == [[1.0, 1.0, 1.0]]


@pytest.mark.parametrize(("fresh", "share"), [((0, 0, 0, 0), 0.5), ((1, 0, 1, 0), 0.0)])
def test_nothing_new_or_no_share_changes_no_bit(fresh: tuple[int, ...], share: float) -> None:
    policy, options = LinBoltzmann().start(D, PRIOR), offer(50, 4)
    free = policy.decide(options, 3, rng=derive(3, "draws"))
    held = introducing(policy, fresh, share, 50).decide(options, 3, rng=derive(3, "draws"))
    np.testing.assert_array_equal(free.actions, held.actions)
    np.testing.assert_array_equal(free.propensities, held.propensities)


def test_what_is_introduced_counts_as_explored_unless_it_is_the_best_guess() -> None:
    options = worth(3.0, 2.0, 1.0, times=20_000)
    slates = introducing(GREEDY, (0, 1, 0), 0.25, 20_000).decide(options, 1, rng=derive(4, "draws"))
    np.testing.assert_array_equal(slates.explored, slates.actions == 1)
    assert slates.explored.mean() == pytest.approx(0.25, abs=0.01)
    np.testing.assert_allclose(slates.exploration, 0.25)
    best = introducing(GREEDY, (1, 0, 0), 0.25, 20_000).decide(options, 1, rng=derive(4, "draws"))
    assert not best.explored.any()
    assert (best.exploration == 0.0).all()


def test_each_request_has_what_is_new_of_its_own() -> None:
    policy = Introducing(policy=GREEDY, fresh=np.eye(3, dtype=np.bool_), share=1.0)
    assert policy.decide(worth(1.0, 1.0, 1.0, times=3), 1, rng=derive(5, "draws")).actions.tolist() == [
        [0],
        [1],
        [2],
    ]


def test_a_limit_holds_around_it() -> None:
    held = Limited(
        policy=introducing(GREEDY, (0, 1, 1), 0.5),
        limits=np.zeros(1, np.int64),
        allowed=np.ones(2, np.bool_),
    )
    slates, refused = held.held(worth(3.0, 2.0, 1.0), 2, rng=derive(6, "draws"))
    assert slates.actions.tolist() == [[0, 1]]
    # On top both are new and neither the best; below, the best guess is itself new and worth 2 of 3.
    assert refused[0] == pytest.approx(0.5 + 0.5 / 3)


def test_a_mixture_still_tells_what_its_experts_would_have_done() -> None:
    inside: Any = named("exp4").start(D)
    options = offer(6, 5)
    policy = introducing(inside, (1, 1, 0, 0, 0), 0.5, 6)
    slates = policy.decide(options, 3, rng=derive(7, "draws"))
    assert slates.by_expert is not None
    assert slates.by_expert.shape == (6, 3, len(inside.experts))
    np.testing.assert_array_equal(slates.by_expert, inside.by_expert(options, slates.actions))


def test_a_policy_still_minds_what_is_above() -> None:
    inside: Any = named("mmr").start(D)
    policy = introducing(inside, (1, 0, 0, 0, 0), 0.5)
    assert policy.revising(offer(1, 5)) is not None


@pytest.mark.parametrize(("n", "m", "k"), [(0, 5, 3), (3, 0, 2), (3, 5, 0), (3, 2, 5)])
def test_little_or_nothing_to_decide(n: int, m: int, k: int) -> None:
    options = Options(
        items=np.tile(np.arange(m), (n, 1)),
        scores=np.zeros((n, m)),
        features=np.zeros((n, m, D)),
        context=np.zeros((n, 0)),
    )
    policy = Introducing(policy=LinBoltzmann().start(D), fresh=np.ones((n, m), np.bool_), share=0.5)
    slates = policy.decide(options, k, rng=derive(8, "draws"))
    assert slates.actions.shape == (n, k)
    assert policy.propensities(options, slates.actions).shape == (n, k)


def test_it_survives_the_disk(tmp_path: Path) -> None:
    policy = introducing(LinBoltzmann().start(D, PRIOR), (1, 0, 1, 0), 0.5, 20)
    save_artifact(policy, tmp_path / "policy")
    loaded = load_artifact(Introducing, tmp_path / "policy")
    one, two = (each.decide(offer(20, 4), 3, rng=derive(9, "draws")) for each in (policy, loaded))
    np.testing.assert_array_equal(one.actions, two.actions)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_that_cannot_be_is_refused(share: float) -> None:
    with pytest.raises(BadInputError, match=r"share: must lie in \[0, 1\]"):
        introducing(GREEDY, (1,), share)


def test_what_is_new_must_be_said_of_just_these_candidates() -> None:
    with pytest.raises(BadInputError, match="fresh: must be"):
        Introducing(policy=GREEDY, fresh=np.ones(3, np.bool_), share=0.5)
    for fresh in (np.ones((2, 3), np.bool_), np.ones((1, 2), np.bool_)):
        with pytest.raises(BadInputError, match="fresh: has the shape"):
            Introducing(policy=GREEDY, fresh=fresh, share=0.5).decide(
                worth(1.0, 1.0, 1.0), 1, rng=derive(10, "draws")
            )
