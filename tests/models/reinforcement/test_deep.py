"""Each deep learner, from a log of random choices, must prefer what pays later to what pays now."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.models.reinforcement.actor_critic import ActorCritic
from equipoise.models.reinforcement.double_dqn import DoubleDQN
from equipoise.models.reinforcement.guard import DivergedError
from equipoise.models.reinforcement.reinforce import Reinforce
from equipoise.models.reinforcement.replay import Replay
from equipoise.models.reinforcement.slate_evaluation import SlateEvaluation
from equipoise.models.reinforcement.slate_q import SlateQ
from equipoise.models.reinforcement.slate_values import SlateValues
from equipoise.models.reinforcement.value_learner import ValueLearner
from equipoise.models.reinforcement.values import CandidateValues
from equipoise.random import derive
from equipoise.types import Floats

SMALL: dict[str, Any] = {
    "sizes": (16,),
    "batch_size": 64,
    "learning_rate": 1e-2,
    "tracking": 0.1,
    "discount": 0.9,
}
LEARNERS: dict[str, ValueLearner] = {
    "double_dqn": DoubleDQN(**SMALL),
    "slate_q": SlateQ(**SMALL),
    "reinforce": Reinforce(**SMALL),
    "actor_critic": ActorCritic(**SMALL),
}
every_learner = pytest.mark.parametrize("name", LEARNERS)


def seen(state: int) -> Floats:
    """Two candidates: the first pays at once, the second leads on; then the request's figures."""
    return np.array([[1.0, 0.0, 1.0, state], [0.0, 1.0, 1.0, state]], np.float32)


def log(n: int, seed: int = 3) -> Experience:
    """One pays 1 and ends; two pays nothing and leads to where both pay 3 and end."""
    rng = derive(seed, "log")
    rows: list[tuple[int, int, float, int, int]] = []
    while len(rows) < n:
        first, then = rng.integers(2, size=2).tolist()
        rows.append((0, first, float(1 - first), first, 1 - first))
        if first == 1:
            rows.append((1, then, 3.0, 1, 1))
    states, places, rewards, following, done = (np.array(each) for each in zip(*rows[:n], strict=True))
    codes = np.tile([0, 1], (n, 1))
    return Experience(
        items=codes,
        following_items=codes,
        features=np.stack([seen(state) for state in states]),
        places=places[:, None],
        propensities=np.full((n, 1), 0.5),
        rewards=rewards[:, None],
        clicked=np.zeros(n, np.int64),
        following=np.stack([seen(state) for state in following]),
        done=done,
        shoppers=np.zeros(n, np.int64),
    )


def learnt(learner: ValueLearner, updates: int, data: Experience) -> CandidateValues:
    pupil = learner.start(data, n_own=2, rng=derive(1, "start"))
    pupil.see(data)
    rng = derive(1, "learn")
    for _ in range(updates):
        pupil.learn(rng)
    return pupil.values()


@every_learner
def test_what_pays_later_is_preferred_to_what_pays_now(name: str) -> None:
    values = learnt(LEARNERS[name], 150, log(1_000))
    now, later = values.scores(seen(0)[None])[0]
    assert later > now


def test_double_dqn_comes_to_the_exact_values() -> None:
    values = learnt(LEARNERS["double_dqn"], 400, log(1_000))
    assert values.scores(seen(0)[None])[0] == pytest.approx([1.0, 0.9 * 3.0], abs=0.15)


@every_learner
def test_the_same_seed_gives_the_same_bits_and_survives_the_disk(name: str, tmp_path: Path) -> None:
    first, again = (learnt(LEARNERS[name], 5, log(200)) for _ in range(2))
    assert np.array_equal(first.scores(seen(0)[None]), again.scores(seen(0)[None]))
    save_artifact(first, tmp_path / "values")
    kept = load_artifact(type(first), tmp_path / "values")
    assert np.array_equal(first.scores(seen(1)[None]), kept.scores(seen(1)[None]))


@every_learner
def test_a_loss_that_is_no_number_stops_training(name: str) -> None:
    data = log(300)
    pupil = LEARNERS[name].start(data, n_own=2, rng=derive(1))
    pupil.see(replace(data, rewards=np.full(data.rewards.shape, 1e38)))
    with pytest.raises(DivergedError, match="training stopped; the last artifact"):
        [pupil.learn(derive(2)) for _ in range(20)]


def test_replay_forgets_the_oldest_and_prefers_what_surprised() -> None:
    replay = Replay(capacity=50)
    data = log(80)
    replay.add(data)
    kept, rows, corrections = replay.draw(500, derive(1))
    assert replay.stored == 50
    assert np.array_equal(kept.rewards, data.rewards[30:][rows])
    assert (corrections == 1.0).all()
    replay.reweigh(np.arange(50), np.where(np.arange(50) == 7, 100.0, 0.0))
    _, rows, corrections = replay.draw(500, derive(1))
    assert (rows == 7).mean() > 0.7
    assert corrections[rows == 7].max() < corrections.max()


def test_without_priority_a_click_is_as_likely_as_the_log_says() -> None:
    """One slate in ten is clicked, and that pays 20 or nothing: surprises are nearly all clicks."""
    data, rng = log(1_000), derive(4)
    clicked = np.where(rng.random(len(data)) < 0.1, 0, -1)
    paid = 20.0 * ((clicked == 0) & (rng.random(len(data)) < 0.5))
    data = replace(data, clicked=clicked, rewards=paid[:, None])

    def chance(priority: float) -> float:
        found = learnt(SlateQ(**SMALL, priority=priority), 300, data)
        assert isinstance(found, SlateValues)
        odds = np.exp(found.choice.scores(data.features))
        return float((odds / (1.0 + odds)).mean())

    assert chance(0.0) == pytest.approx((clicked == 0).mean(), abs=0.02)
    assert chance(0.6) > 1.5 * (clicked == 0).mean()


def test_returns_go_back_from_the_end_of_each_episode() -> None:
    data = replace(
        log(4),
        rewards=np.array([[1.0], [2.0], [4.0], [8.0]]),
        done=np.array([0, 0, 1, 0]),
        shoppers=np.array([0, 1, 0, 1]),
    )
    assert data.returns(0.5) == pytest.approx([1 + 0.5 * 4, 2 + 0.5 * 8, 4.0, 8.0])


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadInputError, match="learning_rate"):
        DoubleDQN(learning_rate=0.0)
    with pytest.raises(BadInputError, match="priority"):
        SlateQ(priority=-0.1)
    with pytest.raises(BadInputError, match="temperature"):
        ActorCritic(temperature=0.0)
    with pytest.raises(BadInputError, match="capacity"):
        Replay(capacity=0)


@pytest.mark.parametrize(("next_place", "expected"), [(0, 2.7), (1, 0.0)])
def test_evaluation_takes_what_the_policy_shows_next(next_place: int, expected: float) -> None:
    data = log(2_000)
    worse = (data.features[:, 0, 3] == 1) & (data.places[:, 0] == 1)
    data = replace(data, rewards=np.where(worse[:, None], 0.0, data.rewards))
    judge = SlateEvaluation(learner=SlateQ(**SMALL), updates=400)
    shown = np.full((len(data), 1), next_place)
    found = judge.fit(data, shown, n_own=2, rng=derive(1, "judge"))
    assert abs(float(found.worth(seen(0)[None], np.array([[1]]))[0]) - expected) < 0.3


def test_values_of_slates_need_no_torch_and_positions_may_be_empty() -> None:
    found = learnt(LEARNERS["slate_q"], 5, log(200))
    assert np.isfinite(found.worth(seen(0)[None], np.array([[-1]]))).all()  # type: ignore[attr-defined]
