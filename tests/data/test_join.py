from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from equipoise.data.feedback import LoggedFeedback
from equipoise.data.join import FeedbackJoin, Impressions
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Choice, Decision, Event, EventType, Fact, Item
from equipoise.types import Floats

SLATE = ("a", "b", "c")
REWARDS = RewardWeights()
Facts = Sequence[tuple[int, Fact]]


def decision(name: str, variant: str = "policy", items: Sequence[str] = SLATE) -> Decision:
    return Decision(
        recommendation_id=name,
        user_id="u",
        session_id=None,
        surface="home",
        timestamp=0,
        policy="lin_boltzmann",
        policy_version=1,
        variant=variant,
        candidates=tuple(items),
        scores=np.zeros(len(items)),
        features_version="1",
        slate=tuple(
            Choice(
                item_id=item,
                position=place,
                score=0.0,
                propensity=0.5 - place / 10,
                explored=False,
                source="x",
            )
            for place, item in enumerate(items)
        ),
        exploration=0.0,
        reason="",
        features=np.arange(len(items) * 2, dtype=np.float32).reshape(len(items), 2),
    )


def event(
    kind: EventType, of: str | None, item: str | None = None, position: int | None = None, name: str = "e"
) -> Event:
    return Event(
        event_id=name, event_type=kind, timestamp=0, recommendation_id=of, item_id=item, position=position
    )


class Log:
    """A log in memory that answers `find` as of now: with all its facts, later ones included."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def find(self, name: str) -> tuple[Decision, list[tuple[int, Event]]] | None:
        decisions = [f for _, f in self.facts if isinstance(f, Decision) and f.recommendation_id == name]
        events = [(s, f) for s, f in self.facts if isinstance(f, Event) and f.recommendation_id == name]
        return (decisions[0], events) if decisions else None


def numbered(*facts: Fact) -> Facts:
    return list(enumerate(facts, start=1))


def join(facts: Facts, impressions: Impressions = "served", *, capacity: int = 100) -> FeedbackJoin:
    return FeedbackJoin(
        encode=lambda item: "abcdef".find(item),
        rewards=REWARDS,
        impressions=impressions,
        find=Log(facts).find,
        capacity=capacity,
    )


def totals(found: LoggedFeedback) -> tuple[Floats, Floats]:
    """Return impressions and rewards by position."""
    return (
        np.bincount(found.positions, found.impressions, minlength=3).astype(np.float64),
        np.bincount(found.positions, found.rewards, minlength=3).astype(np.float64),
    )


def seen_by(*events: Event) -> list[float]:
    facts = numbered(decision("r"), *events)
    news = join(facts, "reported").add(facts)
    return totals(news["policy"])[0].tolist() if news else [0.0, 0.0, 0.0]


def test_a_served_decision_is_an_impression_at_each_position() -> None:
    facts = numbered(decision("r"))
    news = join(facts).add(facts)["policy"]
    assert news.items.tolist() == [0, 1, 2]
    assert news.positions.tolist() == [0, 1, 2]
    assert news.impressions.tolist() == [1, 1, 1]
    assert news.rewards.tolist() == [0, 0, 0]
    np.testing.assert_allclose(news.propensities, [0.5, 0.4, 0.3])
    np.testing.assert_array_equal(news.features, decision("r").features)


def test_an_event_earns_for_its_item_without_another_impression() -> None:
    facts = numbered(decision("r"), event("purchase", "r", "b"))
    joined = join(facts)
    joined.add(facts[:1])
    news = joined.add(facts[1:])["policy"]
    assert news.items.tolist() == [1]
    assert news.rewards.tolist() == [REWARDS.purchase]
    assert news.impressions.tolist() == [0]


def test_an_event_without_an_item_earns_for_its_position() -> None:
    facts = numbered(decision("r"), event("click", "r", position=2))
    assert totals(join(facts).add(facts)["policy"])[1].tolist() == [0, 0, REWARDS.click]


def test_the_item_says_where_it_was_when_the_position_disagrees() -> None:
    facts = numbered(decision("r"), event("click", "r", "a", position=1))
    assert totals(join(facts).add(facts)["policy"])[1].tolist() == [REWARDS.click, 0, 0]


@pytest.mark.parametrize(
    "stray",
    [
        event("purchase", "r", "f"),
        event("purchase", "r", "f", position=0),
        event("purchase", "r", position=3),
        event("purchase", "r", position=-1),
        event("purchase", "r"),
        event("purchase", "nobody", "a"),
        event("purchase", None, "a"),
    ],
)
def test_what_was_not_in_the_slate_earns_nothing(stray: Event) -> None:
    facts = numbered(decision("r"), stray)
    assert totals(join(facts).add(facts)["policy"])[1].sum() == 0.0


def test_variants_learn_apart() -> None:
    facts = numbered(decision("r", "policy"), decision("s", "greedy"), event("click", "s", "a"))
    news = join(facts).add(facts)
    assert set(news) == {"policy", "greedy"}
    assert news["policy"].rewards.sum() == 0.0
    assert news["greedy"].rewards.sum() == pytest.approx(REWARDS.click)


def test_items_without_a_code_and_other_facts_are_left_out() -> None:
    facts = numbered(Item(item_id="a", timestamp=0), decision("r", items=("a", "?")))
    assert join(facts).add(facts)["policy"].items.tolist() == [0]


def test_a_decision_without_features_teaches_nothing() -> None:
    bare = replace(decision("r"), features=np.zeros((0, 0), np.float32))
    facts = numbered(bare, event("click", "r", "a"))
    assert join(facts).add(facts) == {}


def test_decisions_with_features_of_another_version_teach_nothing() -> None:
    facts = numbered(
        replace(decision("old"), features_version="0", features=np.ones((3, 7), np.float32)),
        decision("new"),
        event("click", "old", "a"),
        event("click", "new", "b"),
    )
    joined = join(facts)
    joined.features_version = "1"
    impressions, rewards = totals(joined.add(facts)["policy"])
    assert impressions.tolist() == [1, 1, 1]
    assert rewards.tolist() == [0, REWARDS.click, 0]


def test_nothing_new_is_nothing() -> None:
    assert join([]).add([]) == {}


def test_facts_read_again_count_once() -> None:
    facts = numbered(decision("r"), event("click", "r", "a"))
    joined = join(facts)
    joined.add(facts)
    assert joined.add(facts) == {}


def test_an_event_whose_decision_left_the_memory_still_earns() -> None:
    facts = numbered(decision("r"), decision("s"), decision("t"), event("click", "r", "a"))
    news = join(facts, capacity=1).add(facts)["policy"]
    impressions, rewards = totals(news)
    assert impressions.tolist() == [3, 3, 3]
    assert rewards.sum() == pytest.approx(REWARDS.click)


def test_memory_is_bounded() -> None:
    facts = numbered(*(decision(f"r{n}") for n in range(50)))
    joined = join(facts, capacity=7)
    joined.add(facts)
    assert len(joined) == 7


def test_a_decision_alone_is_not_seen_when_impressions_are_reported() -> None:
    assert seen_by() == [0, 0, 0]


def test_an_impression_event_without_item_and_position_is_the_whole_slate() -> None:
    assert seen_by(event("impression", "r")) == [1, 1, 1]


def test_an_impression_event_with_a_position_is_everything_down_to_it() -> None:
    assert seen_by(event("impression", "r", position=1)) == [1, 1, 0]
    assert seen_by(event("impression", "r", position=99)) == [1, 1, 1]
    assert seen_by(event("impression", "r", position=-5)) == [0, 0, 0]


def test_an_impression_event_with_an_item_is_that_item() -> None:
    assert seen_by(event("impression", "r", "b")) == [0, 1, 0]
    assert seen_by(event("impression", "r", "f")) == [0, 0, 0]


def test_any_other_event_proves_everything_above_it_seen() -> None:
    assert seen_by(event("click", "r", "b")) == [1, 1, 0]


def test_an_impression_counts_once_however_often_it_is_reported() -> None:
    assert seen_by(event("impression", "r"), event("click", "r", "c"), event("impression", "r", "a")) == [
        1,
        1,
        1,
    ]


KINDS: list[EventType] = ["view", "click", "cart", "purchase", "return", "impression", "remove_from_cart"]


_any = st.sampled_from
PLACES = _any([0, 1, 2, 7, None])


@st.composite
def logs(draw: st.DrawFn) -> Facts:
    """Decisions, each before its events, among events of no decision; numbers have gaps."""
    names = [f"r{n}" for n in range(draw(st.integers(1, 6)))]
    facts: list[Fact] = []
    for name in names:
        facts.append(decision(name, draw(st.sampled_from(["policy", "greedy"]))))
        known = [*names[: names.index(name) + 1], None, "nobody"]
        facts += draw(
            st.lists(
                st.builds(event, _any(KINDS), _any(known), _any([*SLATE, "f", None]), PLACES), max_size=6
            )
        )
    steps = draw(st.lists(st.integers(1, 5), min_size=len(facts), max_size=len(facts)))
    return list(zip(np.cumsum(steps).tolist(), facts, strict=True))


def rows(news: dict[str, LoggedFeedback]) -> list[tuple[object, ...]]:
    return [
        (variant, item, position, propensity, reward, seen, *features)
        for variant, found in sorted(news.items())
        for item, position, propensity, reward, seen, features in zip(
            found.items.tolist(),
            found.positions.tolist(),
            found.propensities.tolist(),
            found.rewards.tolist(),
            found.impressions.tolist(),
            found.features.tolist(),
            strict=True,
        )
    ]


@given(facts=logs(), data=st.data(), impressions=st.sampled_from(["served", "reported"]))
@settings(max_examples=150, deadline=None)
def test_restarts_batches_and_a_small_memory_change_nothing(
    facts: Facts, data: st.DataObject, impressions: Impressions
) -> None:
    at_once = rows(join(facts, impressions).add(facts))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(facts)), max_size=5)))
    pieces: list[tuple[object, ...]] = []
    joined = join(facts, impressions)
    for start, stop in zip([0, *cuts], [*cuts, len(facts)], strict=True):
        if data.draw(st.booleans()):
            joined = join(facts, impressions, capacity=data.draw(st.integers(1, 3)))
        pieces += rows(joined.add(facts[start:stop]))
    assert sorted(map(repr, pieces)) == sorted(map(repr, at_once))


@given(facts=logs(), impressions=st.sampled_from(["served", "reported"]))
@settings(max_examples=100, deadline=None)
def test_no_impression_counts_twice_and_no_reward_is_lost(facts: Facts, impressions: Impressions) -> None:
    news = join(facts, impressions).add(facts)
    decisions = [fact for _, fact in facts if isinstance(fact, Decision)]
    seen = sum(found.impressions.sum() for found in news.values())
    earned = sum(found.rewards.sum() for found in news.values())
    assert seen <= len(SLATE) * len(decisions)
    if impressions == "served":
        assert seen == len(SLATE) * len(decisions)
    credited = [
        REWARDS.of(fact.event_type, fact.value)
        for _, fact in facts
        if isinstance(fact, Event)
        and fact.recommendation_id in {d.recommendation_id for d in decisions}
        and (fact.item_id in SLATE or (fact.item_id is None and fact.position in range(len(SLATE))))
    ]
    assert earned == pytest.approx(sum(credited))


def test_what_experts_would_have_done_comes_along_and_a_decision_of_others_says_nothing() -> None:
    mixed, plain = decision("d1"), decision("d2")
    slate = tuple(
        structs.replace(choice, by_expert=(0.25, 1.0 - choice.position / 10)) for choice in mixed.slate
    )
    facts = numbered(replace(mixed, slate=slate), event("click", "d1", "b"), plain)
    rows = join(facts).add(facts)["policy"]
    assert rows.by_expert is not None
    np.testing.assert_allclose(rows.by_expert[:4], [[0.25, 1.0], [0.25, 0.9], [0.25, 0.8], [0.25, 0.9]])
    assert (rows.by_expert[4:] == 0.0).all()
    assert join(numbered(plain)).add(numbered(plain))["policy"].by_expert is None
