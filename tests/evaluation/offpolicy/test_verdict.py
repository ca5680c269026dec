from dataclasses import replace

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy import LoggedActions, Target
from equipoise.evaluation.offpolicy.auto import Auto
from equipoise.evaluation.offpolicy.compare import compare, gain
from equipoise.evaluation.offpolicy.diagnosis import Diagnosis, diagnosed
from equipoise.evaluation.offpolicy.estimators import IPS, DoublyRobust, Replay
from equipoise.evaluation.offpolicy.picture import drawn
from equipoise.evaluation.offpolicy.report import sentence, summary
from equipoise.evaluation.offpolicy.support import Support, ratio_mismatch
from equipoise.evaluation.offpolicy.verdict import Limits, judged
from equipoise.evaluation.offpolicy.weighed import Weighed
from offpolicy_synthetic import Synthetic

WORLD = Synthetic(n_actions=4, sharp=1.0)


@pytest.fixture(scope="module")
def rounds() -> tuple[LoggedActions, Target]:
    return WORLD.drawn(6_000, np.random.default_rng(2))


def told(log: LoggedActions, target: Target) -> Diagnosis:
    seen = Weighed.of(log, target)
    return diagnosed(seen.weights, seen.rewards, Support.of(log, target))


def test_a_good_log_is_believed(rounds: tuple[LoggedActions, Target]) -> None:
    found = told(*rounds)
    assert found.mean_weight == pytest.approx(1.0, abs=4.0 * found.mean_weight_error)
    assert found.unlogged == found.certain == 0.0
    assert (found.mismatch or 0.0) > 1e-4 < found.drift
    verdict = judged(found)
    assert verdict.supported
    assert "but" not in verdict.why


def test_a_log_without_choice_is_refused() -> None:
    log = LoggedActions(
        actions=np.zeros(5_000, int), rewards=np.ones(5_000), propensities=np.ones(5_000), n_actions=2
    )
    verdict = judged(told(log, Target.of(np.array([1.0, 0.0]), log)))
    assert not verdict.supported
    assert "no choice in 100%" in verdict.why


def test_what_was_never_logged_cannot_be_judged(rounds: tuple[LoggedActions, Target]) -> None:
    log, _ = rounds
    wider = replace(log, n_actions=5, logging=None)
    target = Target.of(np.array([0.22, 0.22, 0.22, 0.22, 0.12]), wider)
    found = told(wider, target)
    assert found.unlogged == pytest.approx(0.12)
    assert "12.0% of the target's choices were never logged" in judged(found).why
    assert judged(found, Limits(unlogged=0.2)).supported


def test_too_little_is_refused_with_the_figure(rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    assert target.all is not None
    few = log.rows(np.arange(600))
    verdict = judged(told(few, Target.of(target.all[:600], few)))
    assert not verdict.supported
    assert "below 1,000" in verdict.why
    assert judged(told(few, Target.of(target.all[:600], few)), Limits(ess=100)).supported


def test_wrong_propensities_show_in_the_mean_weight(rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    wrong = replace(log, propensities=np.clip(log.propensities * 1.3, 0.0, 1.0), logging=None)
    assert "instead of 1" in judged(told(wrong, target)).why


def test_counts_that_do_not_fit_the_propensities_are_told(rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    assert log.logging is not None
    uniform = replace(
        log,
        logging=np.full(log.logging.shape, 0.25),
        actions=np.where(np.arange(len(log)) % 9, log.actions, 0),
    )
    assert "sample-ratio mismatch" in judged(told(uniform, target)).why
    assert ratio_mismatch(np.array([50.0, 52.0]), np.array([1.0, 1.0])) > 0.5
    assert ratio_mismatch(np.array([5_000.0, 5_400.0]), np.array([1.0, 1.0])) < 1e-3
    assert ratio_mismatch(np.array([5.0, 1.0]), np.array([1.0, 0.0])) == 0.0


def test_drift_is_told(rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    later = replace(log, rewards=np.where(np.arange(len(log)) > 4_000, 1.0, log.rewards))
    assert "rewards changed" in judged(told(later, target)).why


def test_heavy_tails_and_unseen_decisions_are_told(rounds: tuple[LoggedActions, Target]) -> None:
    weights = np.random.default_rng(0).pareto(1.2, 20_000) * 0.2
    found = diagnosed(weights, np.ones(20_000), Support.of(*rounds), unseen=0.5)
    assert found.tail == pytest.approx(1.2, abs=0.3)
    why = judged(found, Limits(ess=0.0)).why
    assert "too narrow" in why
    assert "50% of decisions" in why


def test_support_in_pieces(rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    assert target.all is not None
    parts = []
    for rows in np.array_split(np.arange(len(log)), 3):
        piece = log.rows(rows)
        parts.append(Support.of(piece, Target.of(target.all[rows], piece)))
    whole, joined = Support.of(log, target), Support.joined(parts)
    np.testing.assert_allclose(joined.logged, whole.logged)
    assert joined.mismatch() == pytest.approx(whole.mismatch() or 0.0)


def test_compare_tells_what_it_can_and_why_it_cannot(rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    estimators = {"ips": IPS(), "dr": DoublyRobust(), "replay": Replay()}
    rows = compare(log, {"liked": target}, estimators)
    assert [row.estimate is not None for row in rows] == [True, False, True]
    assert "predictions" in rows[1].verdict.why
    assert not rows[2].verdict.supported  # no round counts
    assert sentence(rows[0]).startswith("This log can tell: liked earns more, between +")
    result = summary("somewhere", rows, {"id seen before": 2})
    assert result["estimates"][1]["value"] is None
    assert result["refused"] == {"id seen before": 2}
    picture = drawn(rows, "a <title>")
    assert picture.count("<circle") == 2
    assert "&lt;title&gt;" in picture


def test_the_gain_is_paired(rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    assert log.logging is not None
    near = WORLD.chances(log.contexts if log.contexts is not None else np.zeros((0, 5)), 0.55)
    ours, theirs = Weighed.of(log, target), Weighed.of(log, Target.of(near, log))
    paired = gain(IPS(), theirs, ours)
    assert paired.value == pytest.approx(IPS().of(theirs).value - IPS().of(ours).value)
    alone = np.hypot(IPS().of(theirs).error, IPS().of(ours).error)
    assert paired.error < 0.5 * float(alone)
    assert gain(Auto(), ours, ours).value == 0.0
    with pytest.raises(BadInputError, match="same rounds"):
        gain(IPS(), ours, ours.rows(np.arange(5)))


def test_limits_must_be_shares() -> None:
    with pytest.raises(BadInputError, match="limits"):
        Limits(unlogged=5)
