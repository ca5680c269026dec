import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.judging import Question, judge_decisions
from equipoise.evaluation.offpolicy.slates import RewardInteractionIPS
from equipoise.evaluation.offpolicy.sources.decided import featured
from equipoise.evaluation.offpolicy.sources.decisions import DecisionLog
from equipoise.evaluation.offpolicy.sources.streamed import AsLogged, Scored, streamed
from equipoise.evaluation.offpolicy.verdict import Limits
from equipoise.events.export import export
from equipoise.events.facts import Census, Choice, Decision, Event, Fact
from equipoise.events.sqlite import SQLiteLog
from equipoise.policies import Greedy, Uniform
from equipoise.policies.policy import Options
from equipoise.policies.registry import named
from equipoise.policies.sampler import SlotBySlot, Weigh, best_only
from equipoise.types import Floats

K, M, N = 2, 4, 3_000
SCORES = np.array([4.0, 3.0, 2.0, 1.0])
CLICKS = np.array([0.5, 0.4, 0.3, 0.1])
"""Chance of a click on each item where it is seen; a reader goes on below with chance 1/2."""


def facts(n: int, seed: int = 3) -> Iterator[Fact]:
    """Slates drawn uniformly, and clicks on them: the item on top is always seen, the next by every other."""
    rng = np.random.default_rng(seed)
    names = [f"item {item}" for item in range(M)]
    for number in range(n):
        order, time = rng.permutation(M)[:K], 1_000_000 * number
        yield Decision(
            recommendation_id=f"r{number}",
            user_id=None,
            session_id=None,
            surface="home",
            timestamp=time,
            policy="uniform",
            policy_version=1,
            variant="a" if number % 2 else "b",
            candidates=tuple(names),
            scores=SCORES,
            features_version="1",
            slate=tuple(
                Choice(
                    item_id=names[item],
                    position=place,
                    score=float(SCORES[item]),
                    propensity=1.0 / (M - place),
                    explored=False,
                    source="popular",
                )
                for place, item in enumerate(order)
            ),
            exploration=0.0,
            reason="",
        )
        for place, item in enumerate(order):
            if (place == 0 or rng.random() < 0.5) and rng.random() < CLICKS[item]:
                yield Event(
                    event_id=f"e{number}-{place}",
                    event_type="click",
                    timestamp=time + 1,
                    item_id=names[item] if place == 0 else None,
                    position=place,
                    recommendation_id=f"r{number}",
                )


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "log.db"
    with SQLiteLog(path) as kept:
        kept.append(list(facts(N)))
    return path


def reader(path: Path) -> DecisionLog:
    return DecisionLog(path=path, rewards=RewardWeights(click=1.0))


def test_the_value_of_greedy_is_what_its_slates_earn(log: Path) -> None:
    told = streamed(reader(log).pieces(), {"greedy": Scored(Greedy().start(0)), "logged": AsLogged()})
    greedy = RewardInteractionIPS().of(told["greedy"].slates)
    assert greedy.low < 0.5 + 0.5 * 0.4 < greedy.high
    assert greedy.value == pytest.approx(0.7, abs=0.12)
    logged = RewardInteractionIPS().of(told["logged"].slates)
    assert logged.value == pytest.approx(told["logged"].slates.rewards.sum(axis=1).mean())
    assert logged.value == pytest.approx(1.5 * CLICKS.mean(), abs=0.03)


def test_the_policy_that_logged_weighs_1(log: Path) -> None:
    told = streamed(reader(log).pieces(), {"uniform": Scored(Uniform().start(0))})["uniform"]
    np.testing.assert_allclose(told.slates.ratios("cascade"), 1.0, rtol=1e-6)
    assert told.diagnosis.ess == pytest.approx(N)
    assert told.diagnosis.unlogged == 0.0
    assert 0.2 < (told.diagnosis.unseen or 0.0) < 0.7


def test_an_exported_folder_says_the_same(log: Path, tmp_path: Path) -> None:
    with SQLiteLog(log) as kept:
        export(kept, tmp_path / "parquet")
    here, there = (
        streamed(reader(path).pieces(), {"greedy": Scored(Greedy().start(0))})["greedy"]
        for path in (log, tmp_path / "parquet")
    )
    np.testing.assert_array_equal(here.slates.rewards, there.slates.rewards)
    np.testing.assert_array_equal(here.slates.ratios("cascade"), there.slates.ratios("cascade"))


def test_only_one_variant(log: Path) -> None:
    source = DecisionLog(path=log, variant="a")
    assert sum(map(len, source.pieces())) == N // 2


def test_bad_decisions_are_left_out_and_counted(log: Path, tmp_path: Path) -> None:
    with SQLiteLog(log) as kept:
        export(kept, tmp_path / "bad")
    file = next((tmp_path / "bad" / "decisions").rglob("*.parquet"))
    rows = pq.read_table(file).to_pylist()
    rows[0]["slate"][0]["propensity"] = 0.0
    rows[1]["slate"][0]["propensity"] = 1.5
    rows[2]["slate"][1]["propensity"] = None
    rows[3]["slate"][1]["item_id"] = "elsewhere"
    rows[4]["slate"] = []
    rows[5]["recommendation_id"] = rows[6]["recommendation_id"]
    pq.write_table(pa.Table.from_pylist(rows, schema=pq.read_schema(file)), file)
    source = reader(tmp_path / "bad")
    assert sum(map(len, source.pieces())) == N - 6
    assert source.refused == {
        "propensity 0 or below": 1,
        "propensity above 1": 1,
        "propensity missing": 1,
        "action outside the candidates": 1,
        "no slate": 1,
        "id seen before": 1,
    }


def test_policies_that_read_features_are_refused(log: Path) -> None:
    question = Question(targets=["lin_ucb"])
    with pytest.raises(BadInputError, match="reads features of every candidate"):
        judge_decisions(reader(log), question, lambda name: named(name).start(1))


TASTE = np.array([0.9, 0.1])


def with_censuses(share: float, n: int = 6_000) -> Iterator[Fact]:
    """The facts above, their items liked by a feature that scores do not tell of, and kept by a coin."""
    rng = np.random.default_rng(11)
    for fact in facts(n):
        if isinstance(fact, Decision):
            kept = rng.random((M, 2)).astype(np.float16).astype(np.float32)
            coin = share if int(fact.recommendation_id[1:]) < n // 2 else share / 4
            census = Census(features=kept, share=coin) if rng.random() < coin else None
            yield replace(fact, census=census)
        else:
            yield fact


def kept_log(path: Path, share: float) -> DecisionLog:
    with SQLiteLog(path) as kept:
        kept.append(list(with_censuses(share)))
    return reader(path)


class ByFeature(SlotBySlot):
    """Greedy by a taste for features, to be judged."""

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh the best alone."""
        return options.features @ TASTE, best_only


def test_a_policy_that_reads_features_is_judged_where_they_were_kept(tmp_path: Path) -> None:
    """Whatever it looks at is independent of clicks here, so it earns what the log does."""
    log = kept_log(tmp_path / "log.db", 0.8)
    target, logged = Scored.of(ByFeature()), AsLogged()
    assert target.view is featured
    told = streamed(log.pieces(), {"by feature": target, "logged": logged})
    n = len(told["by feature"].slates)
    assert n == pytest.approx(0.8 * 3_000 + 0.2 * 3_000, abs=120)
    assert len(told["logged"].slates) == 6_000
    found = RewardInteractionIPS().of(told["by feature"].slates)
    assert found.low < 1.5 * CLICKS.mean() < found.high
    assert told["by feature"].diagnosis.mean_weight == pytest.approx(1.0, abs=0.25)


def test_each_kept_decision_stands_for_as_many_as_its_chance_says(tmp_path: Path) -> None:
    log = kept_log(tmp_path / "log.db", 0.8)
    told = streamed(log.pieces(), {"logged": AsLogged(), "other": Scored.of(ByFeature())}, together=True)
    stands = told["logged"].stands
    assert stands is not None
    assert stands.mean() == pytest.approx(1.0)
    assert set(np.unique((stands / stands.min()).round(6))) == {1.0, 4.0}
    assert told["logged"].logged.mean() == pytest.approx(1.5 * CLICKS.mean(), abs=0.05)
    assert len(told["other"].slates) == len(told["logged"].slates)


def test_an_export_keeps_them_and_an_older_one_is_read_without(tmp_path: Path) -> None:
    log = kept_log(tmp_path / "log.db", 0.5)
    with SQLiteLog(log.path) as kept:
        export(kept, tmp_path / "out")
    here, there = (
        np.concatenate([piece.kept.features for piece in reader(path).pieces() if piece.kept is not None])
        for path in (log.path, tmp_path / "out")
    )
    np.testing.assert_array_equal(here, there)
    for file in (tmp_path / "out" / "decisions").rglob("*.parquet"):
        pq.write_table(pq.read_table(file).drop_columns(["census", "census_share"]), file)
    pieces = list(reader(tmp_path / "out").pieces())
    assert sum(map(len, pieces)) == 6_000
    assert all(piece.kept is None for piece in pieces)


def test_features_of_another_meaning_are_left_alone(tmp_path: Path) -> None:
    log = kept_log(tmp_path / "log.db", 0.5)
    log.features_version = "another"
    with pytest.raises(BadInputError, match="has them of 0 of its 6,000 decisions"):
        streamed(log.pieces(), {"by feature": Scored.of(ByFeature())})


def test_an_answer_fit_for_json(log: Path) -> None:
    from equipoise.evaluation.offpolicy.report import summary

    question = Question(targets=["greedy", "logged"], limits=Limits(ess=100.0))
    answer = judge_decisions(reader(log), question, lambda name: named(name).start(1))
    result = summary("log", answer.rows, answer.refused)
    json.dumps(result, allow_nan=False)
    assert [row["target"] for row in result["estimates"]] == ["greedy", "logged"]
    assert result["estimates"][0]["supported"]
    assert "earns more" in result["verdict"][0]


@pytest.mark.parametrize(
    "name", ["beta_thompson", "epsilon_greedy", "greedy", "softmax", "ucb1", "uniform", "vdbe"]
)
def test_policies_that_read_scores_are_judged(name: str, log: Path) -> None:
    told = streamed(reader(log).pieces(), {name: Scored(named(name).start(1))})
    assert told[name].diagnosis.mean_weight == pytest.approx(1.0, abs=0.1)


def test_features_nobody_logged_cannot_be_read() -> None:
    from equipoise.evaluation.offpolicy.sources.unlogged import unlogged

    features = unlogged(2, 3, 4)
    assert features.shape == (2, 3, 4)
    options = Options(
        items=np.zeros((2, 3), int), scores=np.zeros((2, 3)), features=features, context=np.zeros((2, 0))
    )
    for read in (
        lambda: options.features @ np.ones(4),
        lambda: options.features[0],
        lambda: np.einsum("nmd->nm", options.features),
        lambda: options.features.reshape(-1),
        lambda: options.features.astype(float),
    ):
        with pytest.raises(BadInputError, match="--target"):
            read()
