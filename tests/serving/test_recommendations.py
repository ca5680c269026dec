"""POST /v1/recommendations."""

from typing import Any

import numpy as np
import pytest

from equipoise.events.facts import Decision
from equipoise.serving.memory import visitors
from equipoise.serving.recommendations import decide
from equipoise.serving.schemas import RecommendationIn
from equipoise.serving.state import State

ASKED = {"user_id": "u1", "k": 5}


def decision(state: State, recommendation_id: str) -> Decision:
    found = state.log.decision(recommendation_id)  # type: ignore[attr-defined]
    assert found is not None
    kept: Decision = found[1]
    return kept


def test_the_answer_is_what_the_log_holds(client: Any, state: State) -> None:
    told = client.post("/v1/recommendations", json={**ASKED, "session_id": "s", "surface": "basket"}).json()
    kept = decision(state, told["recommendation_id"])
    assert (kept.user_id, kept.session_id, kept.surface, kept.variant) == ("u1", "s", "basket", "policy")
    assert told["policy"] == "lin_boltzmann"
    assert told["policy_version"] == kept.policy_version
    assert [choice["item_id"] for choice in told["items"]] == [choice.item_id for choice in kept.slate]
    assert [choice["position"] for choice in told["items"]] == [0, 1, 2, 3, 4]
    assert [choice["propensity"] for choice in told["items"]] == [choice.propensity for choice in kept.slate]
    assert {choice.item_id for choice in kept.slate} <= set(kept.candidates)
    assert kept.features.shape[0] == 5


@pytest.mark.parametrize("k", [1, 7, 100])
def test_k_positions_or_all_there_is(client: Any, k: int) -> None:
    told = client.post("/v1/recommendations", json={"session_id": "new", "k": k}).json()
    assert len(told["items"]) == min(k, 40)
    assert len({choice["item_id"] for choice in told["items"]}) == len(told["items"])


def test_reasons_are_items_the_visitor_met_and_are_told_only_where_asked_for(
    client: Any, state: State
) -> None:
    met = {state.shelf.ids[code] for code in state.memory.history(visitors("u1", None))}
    told = client.post("/v1/recommendations", json={**ASKED, "explain": True}).json()["items"]
    reasons = [item for choice in told for item in choice["because"]]
    assert reasons
    assert set(reasons) <= met
    assert max(len(choice["because"]) for choice in told) <= 3
    silent = client.post("/v1/recommendations", json=ASKED).json()["items"]
    assert all(choice["because"] == [] for choice in silent)


def test_unknown_users_and_items_are_no_errors(client: Any) -> None:
    asked = {"user_id": "nobody", "item_id": "nothing", "exclude": ["nowhere"], "k": 3}
    answer = client.post("/v1/recommendations", json=asked)
    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 3


def test_excluded_items_are_not_shown(client: Any) -> None:
    excluded = [f"i{code}" for code in range(0, 40, 2)]
    told = client.post("/v1/recommendations", json={"user_id": "u1", "k": 40, "exclude": excluded}).json()
    assert not {choice["item_id"] for choice in told["items"]} & set(excluded)


def test_an_event_changes_the_very_next_slate(client: Any, state: State) -> None:
    asked = RecommendationIn(session_id="s", k=5, context={"variant": "greedy"})
    before = decide(state, asked, "same id")
    event = {"session_id": "s", "item_id": before.slate[0].item_id, "event_type": "purchase"}
    assert client.post("/v1/events", json=event).status_code == 200
    after = decide(state, asked, "same id")
    assert before.slate[0].item_id not in [choice.item_id for choice in after.slate]
    assert not np.array_equal(before.scores, after.scores)


def test_a_user_and_their_session_are_one_history(client: Any, state: State) -> None:
    for number, who in enumerate(
        [{"user_id": "u"}, {"session_id": "s"}, {"user_id": "u", "session_id": "s"}]
    ):
        event = {**who, "item_id": f"i{number}", "event_type": "view", "timestamp": 1_769_860_800 + number}
        client.post("/v1/events", json=event)
    assert state.memory.history(visitors("u", "s")).tolist() == [0, 1, 2]
    assert state.memory.history(visitors("u", None)).tolist() == [0, 2]


@pytest.mark.parametrize("variant", ["policy", "greedy", "random"])
def test_the_context_may_force_a_variant(client: Any, variant: str) -> None:
    told = client.post("/v1/recommendations", json={**ASKED, "context": {"variant": variant}}).json()
    assert told["variant"] == variant


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"context": {"variant": "best"}}, "context.variant"),
        ({"context": {"variant": 7}}, "context.variant"),
        ({"user_id": None}, "user_id"),
        ({"k": -1}, "k"),
        ({"k": 0}, "k"),
        ({"k": 101}, "k"),
        ({"k": "5"}, "k"),
        ({"k": 10**40}, "k"),
        ({"surface": ""}, "surface"),
        ({"exclude": "i1"}, "exclude"),
        ({"exclude": [7]}, "exclude[0]"),
        ({"exclude": ["i1"] * 1001}, "exclude"),
        ({"kk": 5}, "kk"),
    ],
)
def test_a_bad_field_is_named(client: Any, change: dict[str, Any], field: str) -> None:
    answer = client.post("/v1/recommendations", json={**ASKED, **change})
    assert answer.status_code == 400, answer.text
    assert answer.json()["field"] == field


def test_the_same_id_draws_the_same_slate(state: State) -> None:
    asked = RecommendationIn(user_id="u1", k=5)
    slates = [decide(state, asked, "one").slate, decide(state, asked, "one").slate]
    assert slates[0] == slates[1]
    others = {tuple(choice.item_id for choice in decide(state, asked, f"{n}").slate) for n in range(20)}
    assert len(others) > 1


@pytest.mark.parametrize("draws", [2_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_propensities_are_the_frequencies_of_choice(state: State, draws: int) -> None:
    """One request many times, straight at the decision (no disk), against a policy that stands still."""
    asked = RecommendationIn(user_id="u1", k=1)
    first = [decide(state, asked, f"draw {number}").slate[0] for number in range(draws)]
    told = {choice.item_id: choice.propensity for choice in first}
    for item_id, propensity in told.items():
        share = sum(choice.item_id == item_id for choice in first) / draws
        error = np.sqrt(propensity * (1 - propensity) / draws)
        assert abs(share - propensity) < 4.5 * error + 1e-9, item_id
    assert sum(told.values()) == pytest.approx(1.0, abs=0.05)
