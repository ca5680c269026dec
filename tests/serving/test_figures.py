import json
import time
from collections.abc import Iterable

import msgspec
import numpy as np
import pytest

from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Choice, Decision, Event, EventType, Fact, Item
from equipoise.serving.figures import Figures
from equipoise.serving.report import Report

SECOND = 1_000_000
POLICIES = {"policy": ("lin_boltzmann", 3), "random": ("uniform", 0)}


def decision(
    name: str,
    *,
    at: int = 0,
    variant: str = "policy",
    items: str = "abc",
    explored: str = "c",
    version: int = 3,
) -> Decision:
    slate = tuple(
        Choice(
            item_id=item, position=i, score=0.0, propensity=0.5, explored=item in explored, source="popular"
        )
        for i, item in enumerate(items)
    )
    return Decision(
        recommendation_id=name,
        user_id=None,
        session_id="s",
        surface="home",
        timestamp=at,
        policy="lin_boltzmann",
        policy_version=version,
        variant=variant,
        candidates=tuple(items),
        scores=np.zeros(len(items)),
        features_version="1",
        slate=slate,
        exploration=0.25,
        reason="a test",
    )


def event(
    kind: EventType,
    about: str | None,
    *,
    item: str | None = "a",
    value: float | None = None,
    position: int | None = None,
) -> Event:
    return Event(
        event_id=f"{kind}-{about}-{item}",
        event_type=kind,
        timestamp=0,
        item_id=item,
        value=value,
        recommendation_id=about,
        position=position,
    )


def figures_of(facts: Iterable[Fact], figures: Figures | None = None) -> Figures:
    figures = Figures(RewardWeights()) if figures is None else figures
    figures.add(enumerate(facts))
    return figures


def report_of(figures: Figures, now: int = 0) -> Report:
    return figures.report(now, POLICIES, [("c", 0.9), ("z", 0.8)], str.upper)


def test_rates_are_shares_of_impressions_and_money_is_per_thousand_slates() -> None:
    facts: list[Fact] = [
        decision("1"),
        decision("2"),
        event("click", "1"),
        event("click", "1", item="b"),
        event("cart", "1"),
        event("purchase", "1", value=12.0),
    ]
    report = report_of(figures_of(facts))
    main = report.variants[0]
    assert (main.variant, main.policy, main.slates) == ("policy", "lin_boltzmann", 2)
    assert main.click_rate == pytest.approx(2 / 6)
    assert main.purchase_rate == pytest.approx(1 / 6)
    assert main.explored_share == pytest.approx(2 / 6)
    assert main.revenue_per_1000 == pytest.approx(6000.0)
    assert main.reward_per_slate == pytest.approx((0.2 + 0.2 + 0.5 + 1.0) / 2)
    assert report.totals.events == 4
    assert (report.totals.clicks, report.totals.carts, report.totals.purchases) == (2, 1, 1)


def test_an_item_clicked_twice_is_one_clicked_impression() -> None:
    report = report_of(figures_of([decision("1"), event("click", "1"), event("click", "1")]))
    assert report.variants[0].click_rate == pytest.approx(1 / 3)
    assert report.totals.clicks == 2


def test_the_interval_is_that_of_the_slates_rewards_however_late_they_come() -> None:
    rng = np.random.default_rng(3)
    clicks = rng.integers(0, 4, 200)
    served = [decision(str(i)) for i in range(200)]
    late = [event("click", str(i), item="abc"[j]) for j in range(3) for i in range(200) if clicks[i] > j]
    main = report_of(figures_of([*served, *late])).variants[0]
    rewards = 0.2 * clicks
    half = 1.96 * rewards.std(ddof=1) / np.sqrt(200)
    assert main.reward_per_slate == pytest.approx(rewards.mean())
    assert main.low == pytest.approx(rewards.mean() - half)
    assert main.high == pytest.approx(rewards.mean() + half)


def test_a_late_reward_goes_to_the_bucket_in_which_its_slate_was_served() -> None:
    served = [decision("1", at=0), decision("2", at=6 * SECOND)]
    report = report_of(figures_of([*served, event("click", "1")]), now=7 * SECOND)
    assert report.series.seconds == (0.0, 5.0)
    assert report.series.variants["policy"].reward == pytest.approx((0.2, 0.0))


def test_variants_are_kept_apart() -> None:
    facts: list[Fact] = [decision("1"), decision("2", variant="random", explored="abc"), event("click", "2")]
    main, random = report_of(figures_of(facts)).variants
    assert main.reward_per_slate == 0.0
    assert random.reward_per_slate == pytest.approx(0.2)
    assert random.explored_share == 1.0


def test_reported_impressions_count_once_and_only_what_was_seen() -> None:
    figures = Figures(RewardWeights(), impressions="reported")
    figures_of([decision("1")], figures)
    assert report_of(figures).variants[0].click_rate is None
    figures_of([event("impression", "1", item=None, position=1), event("impression", "1")], figures)
    assert report_of(figures).totals.impressions == 2
    figures_of([event("impression", "1", item=None)], figures)
    assert report_of(figures).totals.impressions == 3


@pytest.mark.parametrize(("position", "seen"), [(-5, 0), (0, 1), (10**15, 3)])
def test_a_position_beyond_the_slate_does_no_harm(position: int, seen: int) -> None:
    figures = Figures(RewardWeights(), impressions="reported")
    figures_of([decision("1"), event("impression", "1", item=None, position=position)], figures)
    assert report_of(figures).totals.impressions == seen


def test_a_click_proves_that_the_item_and_those_above_were_seen() -> None:
    figures = Figures(RewardWeights(), impressions="reported")
    figures_of([decision("1"), event("click", "1", item="b")], figures)
    assert report_of(figures).totals.impressions == 2


def test_a_position_names_the_item_where_the_event_does_not() -> None:
    facts: list[Fact] = [decision("1"), event("click", "1", item=None, position=2)]
    assert report_of(figures_of(facts)).totals.clicks == 1
    beyond = event("click", "1", item=None, position=3)
    assert report_of(figures_of([decision("1"), beyond])).totals.clicks == 0


@pytest.mark.parametrize("about", [None, "another"])
def test_what_no_slate_led_to_is_an_event_and_nothing_else(about: str | None) -> None:
    totals = report_of(figures_of([decision("1"), event("purchase", about, value=5.0)])).totals
    assert (totals.events, totals.purchases, totals.revenue) == (1, 0, 0.0)


def test_an_item_that_was_not_on_the_slate_earns_it_nothing() -> None:
    report = report_of(figures_of([decision("1"), event("click", "1", item="z")]))
    assert report.variants[0].reward_per_slate == 0.0


def test_only_the_newest_slates_are_remembered() -> None:
    figures = Figures(RewardWeights(), remember=2)
    figures_of([decision(str(i)) for i in range(3)], figures)
    figures_of([event("click", "0"), event("click", "2")], figures)
    assert report_of(figures).totals.clicks == 1


def test_a_return_takes_its_money_back() -> None:
    facts: list[Fact] = [decision("1"), event("purchase", "1", value=8.0), event("return", "1", value=8.0)]
    totals = report_of(figures_of(facts)).totals
    assert (totals.purchases, totals.revenue) == (1, 0.0)


def test_the_policys_age_runs_from_the_first_slate_of_its_version() -> None:
    figures = figures_of([decision("1", at=1 * SECOND), decision("2", at=9 * SECOND)])
    assert report_of(figures, now=11 * SECOND).policy.updated_seconds_ago == pytest.approx(10.0)
    newer = {"policy": ("lin_boltzmann", 4)}
    assert figures.report(12 * SECOND, newer, [], str).policy.updated_seconds_ago == 0.0
    assert figures.report(14 * SECOND, newer, [], str).policy.updated_seconds_ago == pytest.approx(2.0)


def test_least_known_items_carry_titles_and_the_main_variants_impressions() -> None:
    facts: list[Fact] = [decision("1"), decision("2"), decision("3", variant="random")]
    least = report_of(figures_of(facts)).least_known
    assert [(item.title, item.deviation, item.impressions, item.considered) for item in least] == [
        ("C", 0.9, 2, 2),
        ("Z", 0.8, 0, 0),
    ]


def test_the_latest_thirty_decisions_newest_first() -> None:
    decisions = report_of(figures_of([decision(str(i)) for i in range(40)])).decisions
    assert [shown.recommendation_id for shown in decisions] == [str(i) for i in range(39, 9, -1)]
    assert [item.explored for item in decisions[0].items] == [False, False, True]


def test_uptime_and_window_start_with_the_first_report() -> None:
    figures = figures_of([decision("1", at=0)])
    assert report_of(figures, now=5000 * SECOND).uptime_seconds == 0.0
    figures_of([decision("2", at=5000 * SECOND)], figures)
    report = report_of(figures, now=5900 * SECOND)
    assert report.uptime_seconds == 900.0
    assert report.series.seconds[0] == 5000.0
    assert report.series.seconds[1] - report.series.seconds[0] == 10.0


def test_marks_and_currency_are_told() -> None:
    figures = figures_of([Item(item_id="a", timestamp=0, currency="GBP")])
    figures.mark("New products arrive", 3 * SECOND)
    report = report_of(figures)
    assert report.currency == "GBP"
    assert [(mark.time, mark.label) for mark in report.marks] == [(3.0, "New products arrive")]


def test_an_empty_report_is_json() -> None:
    report = json.loads(msgspec.json.encode(report_of(Figures(RewardWeights()))))
    assert report["totals"]["slates"] == 0
    assert report["variants"][0]["click_rate"] is None
    assert report["decisions"] == []


def test_the_currency_is_told_or_read_from_what_happens() -> None:
    assert report_of(Figures(RewardWeights(), currency="GBP")).currency == "GBP"
    paid = Event(event_id="1", event_type="purchase", timestamp=0, currency="EUR")
    assert report_of(figures_of([paid])).currency == "EUR"


def test_replaying_a_log_is_fast() -> None:
    served = [decision(str(i), items="abcdefghijkl", at=i * 20_000) for i in range(20_000)]
    facts: list[Fact] = [fact for made in served for fact in (made, event("click", made.recommendation_id))]
    figures = Figures(RewardWeights(), remember=5_000)
    started = time.process_time()
    figures_of(facts, figures)
    assert time.process_time() - started < 2.0
    assert report_of(figures).totals.clicks == 20_000
