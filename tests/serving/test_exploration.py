"""The budget over HTTP: kept in every window, through restarts and failures, and switched off at once."""

import asyncio
from collections import defaultdict
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
from tests.balance.law import lawful

from equipoise.errors import LogError
from equipoise.events.facts import Decision
from equipoise.serving.app import App
from equipoise.serving.opening import PUBLISHED, opened
from equipoise.serving.recommendations import decide
from equipoise.serving.schemas import RecommendationIn
from equipoise.serving.settings import Exploration, Settings
from equipoise.serving.state import State
from equipoise.store import ArtifactStore

from .conftest import published

START = 1_700_000_000_000_000
EXPLORING = {"context": {"variant": "random"}, "k": 5}
TIGHT = Exploration(share=0.2, per_user=0.25, per_surface=0.4, per_position=0.5, window=60)


def budgeted(settings: Settings, exploration: Exploration) -> Settings:
    return msgspec.structs.replace(settings, exploration=exploration)


async def ask_many(state: State, asked: list[dict[str, Any]]) -> list[httpx.Response]:
    transport = httpx.ASGITransport(app=App(state))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await asyncio.gather(*[client.post("/v1/recommendations", json=each) for each in asked])


def crowd(n: int, first: int = 0) -> list[dict[str, Any]]:
    surfaces = ("home", "basket", "checkout")
    return [
        {**EXPLORING, "user_id": f"u{number % 7}", "surface": surfaces[number % 3]}
        for number in range(first, first + n)
    ]


def logged(state: State) -> list[Decision]:
    facts = state.log.facts(after=0)  # type: ignore[attr-defined]
    return [fact for _, fact in facts if isinstance(fact, Decision)]


def assert_kept(decisions: list[Decision], limits: Exploration) -> None:
    streams: dict[tuple[str, object], list[bool]] = defaultdict(list)
    for decision in decisions:
        for choice in decision.slate:
            keys: tuple[tuple[str, object], ...] = (
                ("share", ""),
                ("per_user", decision.user_id),
                ("per_surface", decision.surface),
                ("per_position", choice.position),
            )
            for name, key in keys:
                streams[name, key].append(choice.explored)
    for (name, key), stream in streams.items():
        assert lawful(stream, getattr(limits, name), limits.window), (name, key)


def test_no_window_is_exceeded_by_requests_at_once_or_through_a_restart(trained: Settings) -> None:
    settings = budgeted(trained, TIGHT)
    for run in range(2):
        with opened(settings) as state:
            for batch in range(3):
                answers = asyncio.run(ask_many(state, crowd(40, 40 * (3 * run + batch))))
                assert {answer.status_code for answer in answers} == {200}
            decisions = logged(state)
            told = state.steward.state()
        assert len(decisions) == 120 * (run + 1)
        assert_kept(decisions, TIGHT)
        assert told.overall.pending == 0
        last = [choice.explored for each in decisions for choice in each.slate][-TIGHT.window :]
        assert told.overall.explored == sum(last)
    assert sum(choice.explored for each in decisions for choice in each.slate) > 40


def test_a_restart_begins_with_what_was_spent(trained: Settings) -> None:
    settings = budgeted(trained, TIGHT)
    with opened(settings) as state:
        asyncio.run(ask_many(state, crowd(30)))
        before = state.steward.state()
    with opened(settings) as state:
        after = state.steward.state()
    assert (after.overall, after.surfaces, after.positions) == (
        before.overall,
        before.surfaces,
        before.positions,
    )


def test_the_kill_switch_takes_effect_on_the_next_slate_and_stays(trained: Settings, client_of: Any) -> None:
    asked = {**EXPLORING, "user_id": "u1"}
    with opened(trained) as state:
        client = client_of(state)
        assert any(c["explored"] for c in client.post("/v1/recommendations", json=asked).json()["items"])
        assert client.put("/v1/exploration", json={"enabled": False}).json()["enabled"] is False
        told = client.post("/v1/recommendations", json=asked).json()
        assert not any(choice["explored"] for choice in told["items"])
        assert told["reason"] == "kill_switch"
        assert told["explanation"] == "Best guesses only: exploration is switched off."
    with opened(trained) as state:
        client = client_of(state)
        assert client.get("/v1/exploration").json()["enabled"] is False
        assert client.put("/v1/exploration", json={"enabled": True}).json()["enabled"] is True
        assert any(c["explored"] for c in client.post("/v1/recommendations", json=asked).json()["items"])
    with opened(trained) as state:
        assert state.steward.state().enabled


def test_a_switch_that_cannot_be_kept_says_so_and_works_all_the_same(state: State, client: Any) -> None:
    state.settings.storage.switch.mkdir()
    (state.settings.storage.switch / "in the way").touch()
    answer = client.put("/v1/exploration", json={"enabled": True})
    assert answer.status_code == 503
    assert "until a restart" in answer.json()["detail"]
    assert state.steward.state().enabled


def test_the_settings_can_switch_it_off(trained: Settings) -> None:
    with opened(budgeted(trained, Exploration(enabled=False))) as state:
        made = decide(state, RecommendationIn(user_id="u1", context={"variant": "random"}), "one")
    assert made.reason == "kill_switch"


@pytest.mark.parametrize(
    ("exploration", "surface", "reason"),
    [
        (Exploration(share=0.0), "home", "budget_spent"),
        (Exploration(per_user=0.0), "home", "user_budget_spent"),
        (Exploration(per_surface=0.0), "home", "surface_budget_spent"),
        (Exploration(per_position=0.0), "home", "position_budget_spent"),
        (Exploration(), "checkout", "checkout"),
        (Exploration(protected_surfaces=("mail",)), "mail", "protected"),
    ],
)
def test_a_slate_says_why_it_does_not_explore(
    trained: Settings, client_of: Any, exploration: Exploration, surface: str, reason: str
) -> None:
    with opened(budgeted(trained, exploration)) as state:
        client = client_of(state)
        asked = {**EXPLORING, "user_id": "u1", "surface": surface}
        told = client.post("/v1/recommendations", json=asked).json()
        assert told["reason"] == reason
        assert not any(choice["explored"] for choice in told["items"])
        refused = client.get("/v1/exploration").json()["refused"]
        assert list(refused) == [reason]
        assert 3.0 < refused[reason]["positions"] <= 5.0
        assert refused[reason]["explanation"] == told["explanation"]
        metrics = client.get("/metrics").text
        assert f'equipoise_refused_explorations_total{{reason="{reason}"}}' in metrics


def test_a_greedy_policy_is_refused_nothing(trained: Settings, client_of: Any) -> None:
    with opened(budgeted(trained, Exploration(share=0.0))) as state:
        client = client_of(state)
        asked = {"user_id": "u1", "context": {"variant": "greedy"}}
        assert client.post("/v1/recommendations", json=asked).json()["reason"] == "greedy"
        assert client.get("/v1/exploration").json()["refused"] == {}


def test_a_new_item_gets_the_share_of_the_settings_within_the_limits(
    trained: Settings, client_of: Any
) -> None:
    asked = {"user_id": "u1", "k": 3, "context": {"variant": "greedy"}}
    _publish_against_what_is_new(trained)
    with opened(budgeted(trained, Exploration(newcomers=1.0))) as state:
        client = client_of(state)
        client.put("/v1/items", json=[{"item_id": "fresh", "title": "Odd thing"}])
        shown = client.post("/v1/recommendations", json=asked).json()
        protected = client.post("/v1/recommendations", json={**asked, "surface": "checkout"}).json()
        client.put("/v1/exploration", json={"enabled": False})
        switched_off = client.post("/v1/recommendations", json=asked).json()
    assert (shown["items"][0]["item_id"], shown["items"][0]["propensity"]) == ("fresh", 1.0)
    assert (shown["items"][0]["explored"], shown["reason"]) == (True, "new_item")
    for held, reason in ((protected, "checkout"), (switched_off, "kill_switch")):
        assert "fresh" not in {choice["item_id"] for choice in held["items"]}
        assert held["reason"] == reason


def _publish_against_what_is_new(settings: Settings) -> None:
    """Publish a recommender whose policies start from the belief that new items are worth less."""
    made = published()
    prior = np.where(np.array(made.recommender.features.names) == "new", -1.0, 0.0)
    told = replace(made, recommender=replace(made.recommender, prior_mean=prior))
    ArtifactStore(folder=settings.storage.artifacts).publish(told, PUBLISHED)


def test_what_is_spent_is_told(trained: Settings, client_of: Any) -> None:
    with opened(budgeted(trained, TIGHT)) as state:
        client = client_of(state)
        for _ in range(20):
            client.post("/v1/recommendations", json={**EXPLORING, "user_id": "u1", "surface": "basket"})
        told = client.get("/v1/exploration").json()
        metrics = client.get("/metrics").text
    assert told["window"] == 60
    assert told["overall"]["impressions"] == 60
    assert told["overall"]["share"] == told["surfaces"]["basket"]["share"] <= 0.2
    assert len(told["positions"]) == 5
    assert told["users"] == {"limit": 0.25, "remembered": 1, "forgotten": 0}
    assert told["protected_surfaces"] == ["checkout"]
    assert f'equipoise_explored_share{{scope="overall"}} {told["overall"]["share"]}' in metrics
    assert 'equipoise_explored_share_limit{scope="overall"} 0.2' in metrics
    assert "equipoise_exploration_enabled 1.0" in metrics


def test_a_slate_that_the_log_refused_spends_nothing(trained: Settings, monkeypatch: Any) -> None:
    def refuse(facts: object) -> Future[object]:
        future: Future[object] = Future()
        future.set_exception(LogError("the disk is full"))
        return future

    with opened(budgeted(trained, Exploration(share=0.5))) as state:
        asyncio.run(ask_many(state, crowd(12)))
        before = state.steward.state().overall
        monkeypatch.setattr(state.log, "submit", refuse)
        answers = asyncio.run(ask_many(state, crowd(12)))
        assert {answer.status_code for answer in answers} == {503}
        assert state.steward.state().overall == before


def test_drawing_without_showing_spends_nothing(state: State) -> None:
    before = state.steward.state()
    decide(state, RecommendationIn(user_id="u", context={"variant": "random"}), "one")
    assert state.steward.state() == before


@pytest.mark.parametrize("body", [{}, {"enabled": "off"}, {"enabled": True, "share": 0.1}])
def test_a_switch_is_true_or_false(client: Any, body: dict[str, Any]) -> None:
    assert client.put("/v1/exploration", json=body).status_code == 400


GUARDED = Exploration(loss=0.5, delta=0.1, largest_reward=0.2, reward_seconds=1.0)


def test_the_guardrail_lets_explore_once_enough_is_in_reserve(
    trained: Settings, client_of: Any, monkeypatch: Any
) -> None:
    """Slates are a second apart, and every one is clicked: nothing is lost by exploring."""
    clock = [START + 10**12]

    def tick() -> int:
        clock[0] += 1_000_001
        return clock[0]

    monkeypatch.setattr("equipoise.serving.recommendations.now", tick)
    reasons: list[str] = []
    with opened(budgeted(trained, GUARDED)) as state:
        client = client_of(state)
        for number in range(260):
            told = client.post("/v1/recommendations", json={**EXPLORING, "user_id": f"u{number % 9}"}).json()
            reasons.append(told["reason"])
            click = {
                "event_type": "click",
                "user_id": f"u{number % 9}",
                "recommendation_id": told["recommendation_id"],
                "item_id": told["items"][0]["item_id"],
            }
            client.post("/v1/events", json=click)
        guardrail = client.get("/v1/exploration").json()["guardrail"]
        metrics = client.get("/metrics").text
    assert set(reasons[:30]) == {"guardrail"}
    assert 5 < reasons.count("uniform") < 230
    assert guardrail["slates"] == 259
    assert guardrail["explored"] == reasons[:-1].count("uniform")
    assert guardrail["may_explore"]
    assert f"equipoise_guardrail_reserve {guardrail['reserve']}" in metrics


def test_without_a_guardrail_nothing_is_told_of_it(client: Any) -> None:
    assert client.get("/v1/exploration").json()["guardrail"] is None


def test_a_slate_the_log_refused_is_not_watched(trained: Settings, monkeypatch: Any) -> None:
    def refuse(facts: object) -> Future[object]:
        future: Future[object] = Future()
        future.set_exception(LogError("the disk is full"))
        return future

    with opened(budgeted(trained, GUARDED)) as state:
        monkeypatch.setattr(state.log, "submit", refuse)
        asyncio.run(ask_many(state, crowd(6)))
        assert state.steward.guard is not None
        assert (state.steward.guard.pending, state.steward.guard.slates) == (0, 0)
