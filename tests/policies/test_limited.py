"""A limit on exploring is never passed, and propensities stay exact under it."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chisquare

from equipoise.artifact import load_artifact, save_artifact
from equipoise.errors import BadInputError
from equipoise.policies import LinBoltzmann, LinGreedy, Options, SlotBySlot, Uniform, named
from equipoise.policies.limited import Limited
from equipoise.random import derive

D = 3
PRIOR = np.array([0.05, 0.02, -0.02])


def offer(n: int, m: int, *, seed: int = 1) -> Options:
    rng = derive(seed, "options")
    return Options(
        items=np.stack([rng.permutation(40)[:m] for _ in range(n)]),
        scores=rng.normal(size=(n, m)),
        features=rng.normal(size=(n, m, D)),
        context=np.zeros((n, 0)),
    )


def repeated(options: Options, times: int) -> Options:
    return Options(
        items=np.repeat(options.items, times, axis=0),
        scores=np.repeat(options.scores, times, axis=0),
        features=np.repeat(options.features, times, axis=0),
        context=np.repeat(options.context, times, axis=0),
    )


def limited(policy: SlotBySlot, n: int, limit: int, allowed: tuple[bool, ...] = (True,) * 9) -> Limited:
    return Limited(policy=policy, limits=np.full(n, limit), allowed=np.array(allowed))


@pytest.mark.parametrize("policy", [Uniform().start(D), LinBoltzmann(temperature=2.0).start(D, PRIOR)])
@pytest.mark.parametrize("limit", [0, 1, 3])
def test_no_slate_explores_more_than_its_limit(policy: SlotBySlot, limit: int) -> None:
    slates = limited(policy, 500, limit).decide(offer(500, 12), 6, rng=derive(1, "draws"))
    assert slates.explored.sum(axis=1).max() == limit


def test_each_request_has_its_own_limit_and_positions() -> None:
    limits, allowed = np.arange(400) % 3, derive(2, "allowed").random((400, 5)) < 0.5
    policy = Limited(policy=Uniform().start(D), limits=limits, allowed=allowed)
    slates = policy.decide(offer(400, 12), 5, rng=derive(2, "draws"))
    assert not (slates.explored & ~allowed).any()
    assert (slates.explored.sum(axis=1) <= limits).all()
    assert slates.explored.any()


def test_positions_beyond_the_allowed_ones_are_best_guesses() -> None:
    slates = limited(Uniform().start(D), 200, 9, (True, True)).decide(
        offer(200, 9), 5, rng=derive(3, "draws")
    )
    assert slates.explored[:, :2].any()
    assert not slates.explored[:, 2:].any()


def test_a_limit_out_of_reach_changes_no_bit() -> None:
    options, policy = offer(50, 12), LinBoltzmann().start(D, PRIOR)
    free = policy.decide(options, 6, rng=derive(4, "draws"))
    held = limited(policy, 50, 6).decide(options, 6, rng=derive(4, "draws"))
    np.testing.assert_array_equal(free.actions, held.actions)
    np.testing.assert_array_equal(free.propensities, held.propensities)


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_propensities_are_the_frequencies_of_slates(limit: int) -> None:
    options, times = offer(1, 4), 50_000
    policy = LinBoltzmann(temperature=1.0).start(D, PRIOR)
    held, possible = limited(policy, times, limit), np.array(list(permutations(range(4), 3)))
    slates = held.decide(repeated(options, times), 3, rng=derive(5, "draws"))
    asked = replace(held, limits=np.full(len(possible), limit))
    expected = asked.propensities(repeated(options, len(possible)), possible).prod(axis=1)
    drawn = (slates.actions[:, None, :] == possible[None]).all(axis=2).sum(axis=0)
    assert expected.sum() == pytest.approx(1.0)
    assert (drawn[expected == 0.0] == 0).all()
    some = expected > 0.0
    if some.sum() > 1:
        assert chisquare(drawn[some], expected[some] * times).pvalue > 1e-4
    again = held.propensities(repeated(options, times), slates.actions)
    np.testing.assert_allclose(again, slates.propensities, rtol=1e-12)


def test_ties_are_split_where_nothing_may_be_explored() -> None:
    options = replace(offer(1, 6), scores=np.zeros((1, 6)))
    slates = limited(Uniform().start(D), 6_000, 0).decide(repeated(options, 6_000), 1, rng=derive(6, "draws"))
    assert chisquare(np.bincount(slates.actions[:, 0], minlength=6)).pvalue > 1e-4
    assert not slates.explored.any()


def test_what_was_refused_is_what_would_have_been_explored() -> None:
    """Uniform over m candidates left explores with chance 1 - 1/m at each position it is refused."""
    policy = limited(Uniform().start(D), 1, 0)
    _, refused = policy.held(offer(1, 5), 3, rng=derive(7, "draws"))
    assert refused[0] == pytest.approx(4 / 5 + 3 / 4 + 2 / 3)


def test_a_policy_that_never_explores_is_never_refused() -> None:
    slates, refused = limited(LinGreedy().start(D, PRIOR), 30, 0).held(
        offer(30, 8), 4, rng=derive(8, "draws")
    )
    assert (refused == 0.0).all()
    assert (slates.propensities == 1.0).all()


def test_counting_what_is_refused_changes_no_draw() -> None:
    policy = limited(Uniform().start(D), 30, 1)
    slates, _ = policy.held(offer(30, 8), 4, rng=derive(9, "draws"))
    np.testing.assert_array_equal(
        slates.actions, policy.decide(offer(30, 8), 4, rng=derive(9, "draws")).actions
    )


@pytest.mark.parametrize(("n", "m", "k"), [(0, 5, 3), (3, 5, 0), (3, 2, 5)])
def test_little_or_nothing_to_decide(n: int, m: int, k: int) -> None:
    options = offer(max(n, 1), m)
    options = replace(
        options,
        items=options.items[:n],
        scores=options.scores[:n],
        features=options.features[:n],
        context=options.context[:n],
    )
    slates, refused = limited(Uniform().start(D), n, 1).held(options, k, rng=derive(10, "draws"))
    assert slates.actions.shape == (n, k)
    assert refused.shape == (n,)


def test_it_survives_the_disk(tmp_path: Path) -> None:
    policy = limited(LinBoltzmann().start(D, PRIOR), 20, 1)
    save_artifact(policy, tmp_path / "policy")
    loaded = load_artifact(Limited, tmp_path / "policy")
    one, two = (each.decide(offer(20, 8), 4, rng=derive(11, "draws")) for each in (policy, loaded))
    np.testing.assert_array_equal(one.actions, two.actions)


def test_limits_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadInputError, match="limits: must be"):
        limited(Uniform().start(D), 1, -1)
    with pytest.raises(BadInputError, match="allowed: must be"):
        Limited(policy=Uniform().start(D), limits=np.zeros(1, np.int64), allowed=np.array(True))
    with pytest.raises(BadInputError, match="limits: are of 2 requests, but 3 ask"):
        limited(Uniform().start(D), 2, 1).decide(offer(3, 5), 2, rng=derive(12, "draws"))


def test_a_limited_mixture_tells_what_its_experts_would_have_done() -> None:
    policy: Any = named("exp4").start(D)
    options = offer(6, 5)
    held = Limited(policy=policy, limits=np.zeros(6, np.int64), allowed=np.ones(3, np.bool_))
    slates, _ = held.held(options, 3, rng=derive(1, "limited"))
    assert slates.by_expert is not None
    assert slates.by_expert.shape == (6, 3, len(policy.experts))


def test_a_limited_policy_still_minds_what_is_above() -> None:
    policy: Any = named("mmr").start(D)
    assert Limited(policy=policy, limits=np.zeros(1, np.int64), allowed=np.ones(3, np.bool_)).revising(
        offer(1, 5)
    )
