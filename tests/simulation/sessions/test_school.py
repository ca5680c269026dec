"""Value learners among shoppers: the loop, the log, and what shoppers earn."""

import numpy as np
import pytest

pytest.importorskip("torch")

from equipoise.errors import BadInputError
from equipoise.models.reinforcement.slate_q import SlateQ
from equipoise.models.reinforcement.values import CandidateValues
from equipoise.policies import EpsilonGreedy, LinGreedy
from equipoise.random import derive
from equipoise.simulation.sessions.crowd import ABOUT, Crowd
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.school import OnValues, School, returns, teach_from, written_down
from equipoise.simulation.sessions.shop import SessionShop

LEARNER = SlateQ(sizes=(8,), batch_size=32)


def crowd(shop: SessionShop) -> Crowd:
    return Crowd(shop=shop, rules=SessionRules(days=4), rng=derive(3, "crowd"), n=40, m=8, k=2)


def test_a_learner_is_taught_and_kept_now_and_then(shop: SessionShop) -> None:
    kept: list[CandidateValues] = []
    school = School(steps=400, updates=1, warm_up=80, keep_every=200)
    values = school.teach(crowd(shop), LEARNER, EpsilonGreedy(), rng=derive(1), keep=kept.append)
    assert len(kept) == 2
    many = crowd(shop)
    assert values.scores(many.options().features).shape == (40, 8)
    earned = returns(many, OnValues(values), episodes=60, rng=derive(2))
    assert len(earned) == 80
    assert (earned >= 0).all()


def test_a_log_tells_what_was_shown_and_how_likely(shop: SessionShop) -> None:
    many = crowd(shop)
    log, policy = written_down(many, LinGreedy().start(many.n_features), steps=400, rng=derive(1))
    assert len(log) == 400
    assert type(policy).__name__ == "LinGreedyPolicy"
    same = (log.shoppers == 5) & (np.arange(400) < 360)
    after = np.flatnonzero(same) + 40
    assert np.array_equal(log.following[same], log.features[after])
    assert np.array_equal(log.following_items[same], log.items[after])
    assert ((log.propensities > 0) & (log.propensities <= 1)).all()
    learnt = teach_from(log, LEARNER, updates=3, n_own=many.n_features - len(ABOUT), rng=derive(2))
    assert np.isfinite(learnt.scores(log.features)).all()


def test_lessons_without_steps_are_refused(shop: SessionShop) -> None:
    with pytest.raises(BadInputError, match="steps"):
        School(steps=0).teach(crowd(shop), LEARNER, EpsilonGreedy(), rng=derive(1))
