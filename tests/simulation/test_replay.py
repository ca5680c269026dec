"""Replay keeps only what was shown, and is unbiased."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, Slates
from equipoise.random import derive
from equipoise.simulation.registry import found
from equipoise.simulation.replay import Log, Replay, evened
from equipoise.simulation.replay.folder import data_set
from equipoise.simulation.replay.popular import popular_rounds
from equipoise.simulation.runner import run
from equipoise.types import Floats, Ints

M = 4
TRUTH = np.array([[0.1, 0.5, 0.3, 0.8], [0.6, 0.2, 0.4, 0.1]])
"""P(reward) of each candidate, by kind of visitor."""


def made(n: int, *, skew: Floats, seed: int) -> Log:
    """A log of visitors of two kinds to whom candidates were shown by `skew` (2, M)."""
    rng = derive(seed, "log")
    kind = rng.integers(2, size=n)
    actions = (rng.random((n, 1)) < np.cumsum(skew[kind], axis=1)).argmax(axis=1)
    return Log(
        candidates=np.broadcast_to(np.arange(M), (n, M)),
        actions=actions,
        propensities=skew[kind],
        rewards=(rng.random(n) < TRUTH[kind, actions]).astype(np.float64),
        content=np.eye(M),
        traits=np.eye(2)[kind],
    )


SKEWED = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.2, 0.3, 0.4]])


class ByKind:
    """Visitors of kind 0 are shown place 3, of kind 1 place 2, and every tenth anything."""

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        n = len(options)
        planned = np.where(options.context[:, 0] == 1, 3, 2)
        actions = np.where(rng.random(n) < 0.1, rng.integers(M, size=n), planned)[:, None]
        return Slates(
            actions=actions,
            propensities=np.full((n, 1), 0.5),
            explored=actions != planned[:, None],
            exploration=np.full(n, 0.1),
        )

    def propensities(self, options: Options, actions: Ints) -> Floats:
        return np.full(actions.shape, 0.5)


VALUE = 0.9 * (0.5 * TRUTH[0, 3] + 0.5 * TRUTH[1, 2]) + 0.1 * TRUTH.mean()


def test_evening_out_makes_every_candidate_as_likely() -> None:
    even = evened(made(60_000, skew=SKEWED, seed=1), rng=derive(1))
    for kind in range(2):
        shares = np.bincount(even.actions[even.traits[:, kind] == 1], minlength=M)
        assert abs(shares / shares.sum() - 1 / M).max() < 0.02


def test_a_uniform_log_is_kept_whole() -> None:
    log = made(100, skew=np.full((2, M), 1 / M), seed=2)
    assert len(evened(log, rng=derive(2))) == 100


def test_replay_of_a_skewed_log_is_unbiased() -> None:
    values = []
    for seed in range(20):
        replay = Replay.of(made(6_000, skew=SKEWED, seed=seed), seed=seed)
        trace = run(replay, ByKind(), rounds=6_000, batch=100, k=1, rng=derive(seed))
        values.append(trace.reward.sum() / trace.rounds.sum())
        assert 0.15 < trace.rounds.sum() / len(replay.log) < 0.35
    error = np.std(values, ddof=1) / np.sqrt(20)
    assert abs(np.mean(values) - VALUE) < 3 * error
    assert error < 0.01


def test_only_matching_rounds_have_a_reward() -> None:
    log = made(50, skew=np.full((2, M), 1 / M), seed=3)
    replay = Replay.of(log, seed=0)
    options = replay.requests(50)
    slates = ByKind().decide(options, 1, rng=derive(4))
    rewards = replay.react(options, slates)[:, 0]
    matches = slates.actions[:, 0] == log.actions
    assert 0 < matches.sum() < 50
    assert np.isnan(rewards[~matches]).all()
    assert rewards[matches].tolist() == log.rewards[matches].tolist()
    assert np.isnan(replay.best(options, 1)).all()


def test_a_replay_ends_with_its_log() -> None:
    replay = Replay.of(made(50, skew=np.full((2, M), 1 / M), seed=5), seed=0)
    assert [len(replay.requests(30)) for _ in range(3)] == [30, 20, 0]


def test_a_replay_judges_one_position() -> None:
    replay = Replay.of(made(50, skew=SKEWED, seed=6), seed=0)
    options = replay.requests(2)
    slates = ByKind().decide(options, 1, rng=derive(0))
    with pytest.raises(BadInputError, match="slates of 1"):
        replay.react(options, replace(slates, actions=np.zeros((2, 2), dtype=np.int64)))


def test_shelves_hold_what_was_shown_most_in_their_period() -> None:
    items = np.array([5, 5, 5, 2, 2, 9, 7, 7, 8, 8, 8, 5])
    periods = np.repeat([0, 1], 6)
    rows, candidates, actions, propensities = popular_rounds(items, periods, 2)
    assert rows.tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert candidates[[0, -1]].tolist() == [[5, 2], [8, 7]]
    assert np.take_along_axis(candidates, actions[:, None], 1)[:, 0].tolist() == items[rows].tolist()
    np.testing.assert_allclose(propensities[[0, -1]], [[0.6, 0.4], [0.6, 0.4]])


def test_a_missing_folder_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EQUIPOISE_DATA", str(tmp_path))
    with pytest.raises(BadInputError, match=r"EQUIPOISE_DATA: there is no .*kuairand; set it"):
        data_set("kuairand")


@pytest.mark.parametrize(
    ("name", "folder", "least", "rate"),
    [
        ("movielens_replay", "movielens-1m-time", 10_000, 0.6),
        ("kuairand_replay", "kuairand", 5_000, 0.45),
        ("open_bandit_replay", "open-bandit", 10_000, 0.0046),
    ],
)
def test_real_logs_can_be_replayed(name: str, folder: str, least: int, rate: float) -> None:
    try:
        data_set(folder)
    except BadInputError as absent:
        pytest.skip(str(absent))
    replay = found(name).factory(0)
    assert isinstance(replay, Replay)
    assert len(replay.log) >= least
    assert abs(replay.log.rewards.mean() / rate - 1) < 0.25
    options = replay.requests(200)
    assert np.isfinite(options.features).all()
    shares = np.bincount(replay.log.actions) / len(replay.log)
    assert shares.max() / shares.min() < 1.7, "after evening out, places are about as likely"
