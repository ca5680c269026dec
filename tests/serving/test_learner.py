"""The learner: each fact learned from once, through restarts; a failing update changes nothing."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from equipoise.events.facts import Decision
from equipoise.events.sqlite import SQLiteLog
from equipoise.policies.lin_boltzmann import LinBoltzmannPolicy
from equipoise.serving.opening import opened
from equipoise.serving.settings import Settings
from equipoise.serving.snapshots import NAME
from equipoise.serving.state import State
from equipoise.store import ArtifactStore


def visit(client: Any, *, slates: int) -> None:
    """Ask for slates, and click on the first item of each."""
    for number in range(slates):
        told = client.post("/v1/recommendations", json={"user_id": f"u{number}", "k": 3}).json()
        click = {
            "user_id": f"u{number}",
            "item_id": told["items"][0]["item_id"],
            "event_type": "click",
            "recommendation_id": told["recommendation_id"],
        }
        assert client.post("/v1/events", json=click).status_code == 200


def settled(state: State) -> State:
    """Wait until the learner has caught up with the log."""
    assert isinstance(state.log, SQLiteLog)
    deadline = time.monotonic() + 10
    while state.learner.seq < state.log.last() and time.monotonic() < deadline:
        time.sleep(0.01)
    return state


def belief(state: State, variant: str = "policy") -> dict[str, Any]:
    policy = state.arms[variant].recommender.policy
    assert isinstance(policy, LinBoltzmannPolicy)
    return {
        "precision": policy.belief.precision,
        "response": policy.belief.response,
        "deviations": policy.deviations(40),
    }


def learned(state: State) -> float | None:
    return state.metrics.registry.get_sample_value("equipoise_learned_rows_total", {"variant": "policy"})


def decisions(state: State) -> list[Decision]:
    assert isinstance(state.log, SQLiteLog)
    return [fact for _, fact in state.log.facts() if isinstance(fact, Decision)]


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name, values in one.items():
        np.testing.assert_allclose(values, other[name], rtol=1e-3, atol=1e-3, err_msg=name)


def test_what_shoppers_do_makes_a_new_policy_within_a_second(client: Any, state: State) -> None:
    visit(client, slates=1)
    deadline = time.monotonic() + 1.0
    while not belief(state)["response"].any() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert belief(state)["response"].any()
    assert state.arms["policy"].version > 1


def test_a_variant_learns_from_its_own_slates_alone(client: Any, state: State) -> None:
    visit(client, slates=3)
    settled(state)
    assert state.arms["policy"].version > 1
    assert (state.arms["greedy"].version, state.arms["random"].version) == (1, 1)


def test_a_restart_goes_on_from_the_snapshot(trained: Settings, client_of: Callable[..., Any]) -> None:
    with opened(trained) as state:
        visit(client_of(state), slates=5)
        before, version = belief(settled(state)), state.arms["policy"].version
    assert ArtifactStore(folder=trained.storage.artifacts).current(NAME) == 1
    with opened(trained) as state:
        assert state.arms["policy"].version >= version
        assert_same(belief(state), before)


def test_without_a_snapshot_the_log_teaches_it_all_again(
    trained: Settings, client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("equipoise.serving.snapshots.Keeper.keep", lambda *_: None)
    with opened(trained) as state:
        visit(client_of(state), slates=5)
        before, rows = belief(settled(state)), learned(state)
        newest = max(decision.policy_version for decision in decisions(state))
    with opened(trained) as state:
        assert learned(state) == rows == 5 * 3 + 5
        # How far down shoppers look is estimated round by round, so that one round is not quite several.
        np.testing.assert_allclose(belief(state)["deviations"], before["deviations"], rtol=0.05)
        visit(client_of(state), slates=1)
        settled(state)
        served = [decision.policy_version for decision in decisions(state)]
        assert state.arms["policy"].version > max(served)
        assert max(served) > newest


def test_a_snapshot_that_cannot_be_read_is_passed_over(
    trained: Settings, client_of: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with opened(trained) as state:
        visit(client_of(state), slates=5)
        before = learned(settled(state))
    (trained.storage.artifacts / NAME / "000001" / "arrays.safetensors").write_bytes(b"junk")
    with opened(trained) as state:
        assert learned(state) == before
    assert any(record.getMessage() == "snapshot passed over" for record in caplog.records)


def test_a_click_after_the_restart_is_credited_to_the_slate_before_it(
    trained: Settings, client_of: Callable[..., Any]
) -> None:
    with opened(trained) as state:
        client = client_of(state)
        told = client.post("/v1/recommendations", json={"user_id": "u1", "k": 3}).json()
        settled(state)
    with opened(trained) as state:
        before = belief(state)
        about = {"recommendation_id": told["recommendation_id"], "item_id": told["items"][0]["item_id"]}
        client_of(state).post("/v1/events", json={"user_id": "u1", "event_type": "purchase", **about})
        after = belief(settled(state))
        assert after["response"][0] > before["response"][0]  # the weight that is always on
        np.testing.assert_allclose(after["precision"], before["precision"], rtol=1e-3)  # seen once, not twice


def test_a_failing_update_leaves_the_last_good_policy_and_the_learner_goes_on(
    client: Any, state: State, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: object) -> None:
        raise FloatingPointError

    with monkeypatch.context() as patch:
        patch.setattr(LinBoltzmannPolicy, "update", failing)
        visit(client, slates=2)
        settled(state)
        assert state.arms["policy"].version == 1
        assert client.post("/v1/recommendations", json={"user_id": "u1"}).status_code == 200
    assert "equipoise_learner_failures_total 0.0" not in client.get("/metrics").text
    assert any(record.getMessage() == "update failed" for record in caplog.records)
    visit(client, slates=1)
    settled(state)
    assert state.arms["policy"].version > 1


def test_slates_of_other_features_teach_nothing(trained: Settings, client_of: Callable[..., Any]) -> None:
    with opened(trained) as state:
        visit(client_of(state), slates=3)
        settled(state)
    changed = "equipoise.recommenders.features.Features.version"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changed, property(lambda _: "another"))
        with opened(trained) as state:
            assert state.arms["policy"].version == 1
            assert not belief(state)["precision"].any()


def test_an_update_never_holds_up_a_request(
    client: Any, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = LinBoltzmannPolicy.update

    def slow(self: LinBoltzmannPolicy, feedback: Any) -> LinBoltzmannPolicy:
        time.sleep(1.0)
        return update(self, feedback)

    monkeypatch.setattr(LinBoltzmannPolicy, "update", slow)
    visit(client, slates=1)
    time.sleep(0.1)
    started = time.monotonic()
    assert client.post("/v1/recommendations", json={"user_id": "u1"}).status_code == 200
    assert time.monotonic() - started < 0.5
    assert state.rounds.lag() > 0


def test_a_round_that_fails_is_logged_and_the_next_goes_on(
    client: Any, state: State, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("equipoise.data.join.FeedbackJoin.add", failing)
        visit(client, slates=1)
        time.sleep(0.3)
    assert any(record.getMessage() == "round failed" for record in caplog.records)
    visit(client, slates=1)
    settled(state)
    assert state.arms["policy"].version > 1
