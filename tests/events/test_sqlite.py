from collections.abc import Callable
from pathlib import Path

import pytest

from equipoise.events.facts import Decision, Event, Fact, Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.events.transaction import Numbered

MakeEvent = Callable[..., Event]
MakeDecision = Callable[..., Decision]


def test_a_decision_of_200_candidates_takes_about_a_kilobyte(tmp_path: Path, decision: MakeDecision) -> None:
    path = tmp_path / "log.db"

    def size_with(decisions: list[Decision]) -> int:
        with SQLiteLog(path) as log:
            log.append([Item(item_id=f"{20_000 + item}", timestamp=1) for item in range(4_000)])
            for each in decisions:
                log.append([each])
        return path.stat().st_size

    empty = size_with([])
    assert (size_with([decision(number) for number in range(400)]) - empty) / 400 < 1_150


def test_a_decision_is_found_by_its_id(log: SQLiteLog, decision: MakeDecision) -> None:
    told = [decision(number, 20, 5, 2) for number in range(3)]
    log.append(told)
    found = log.decision(told[1].recommendation_id)
    assert found is not None
    assert found[0] == 2
    assert found[1].slate[4].propensity == told[1].slate[4].propensity
    assert found[1].features == pytest.approx(told[1].features, rel=1e-3, abs=1e-4)
    assert sorted(found[1].candidates) == sorted(told[1].candidates)
    assert log.decision("unheard of") is None


def test_events_are_found_by_their_decision(log: SQLiteLog, event: MakeEvent) -> None:
    log.append(
        [event(1, recommendation_id="r"), event(2), event(3, recommendation_id="r", properties={"a": 1})]
    )
    assert log.events_of("r") == [
        (1, event(1, recommendation_id="r")),
        (3, event(3, recommendation_id="r", properties={"a": 1})),
    ]


def test_facts_come_merged_in_the_order_of_appending(
    log: SQLiteLog, event: MakeEvent, decision: MakeDecision
) -> None:
    told: list[Fact] = [event(1), decision(1), event(2), event(3), decision(2)]
    log.append([*told[:2], Item(item_id="i", timestamp=1), *told[2:]])
    numbers, kinds = zip(*((seq, type(fact)) for seq, fact in log.facts()), strict=True)
    assert kinds == (Event, Decision, Event, Event, Decision)
    assert list(numbers) == sorted(numbers)
    assert [seq for seq, _ in log.facts(after=numbers[2])] == list(numbers[3:])


def test_items_come_in_all_versions(log: SQLiteLog) -> None:
    told = [
        Item(item_id=name, timestamp=time, categories=("Mug",))
        for name, time in (("b", 1), ("a", 2), ("b", 3))
    ]
    log.append(told)
    assert list(log.items()) == told


def test_counts_and_last(log: SQLiteLog, event: MakeEvent, decision: MakeDecision) -> None:
    assert (log.last(), log.counts()) == (0, {"events": 0, "items": 0, "decisions": 0})
    log.append([event(1), event(2), Item(item_id="i", timestamp=1), decision(1)])
    assert (log.last(), log.counts()) == (4, {"events": 2, "items": 1, "decisions": 1})


def test_listeners_hear_what_is_new_before_it_is_acknowledged(
    log: SQLiteLog, event: MakeEvent, decision: MakeDecision
) -> None:
    heard: list[Numbered] = []
    log.subscribe(heard.extend)
    item = Item(item_id="i", timestamp=1)
    log.append([event(1), item, event(1)])
    assert heard == [(1, event(1)), (2, item)]
    log.append([event(1), item])
    log.append([(told := decision(1))])
    assert heard[2:] == [(log.last(), told)]


def test_a_listener_that_fails_stops_nobody(
    log: SQLiteLog, event: MakeEvent, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(new: list[Numbered]) -> None:
        raise RuntimeError("not today")

    heard: list[Numbered] = []
    log.subscribe(fail)
    log.subscribe(heard.extend)
    assert log.append([event(1)]).new == 1
    assert len(heard) == 1
    assert "a listener of the log failed" in caplog.text


def test_two_logs_on_one_file_keep_one_order(tmp_path: Path, event: MakeEvent) -> None:
    with SQLiteLog(tmp_path / "log.db") as one, SQLiteLog(tmp_path / "log.db") as other:
        for number in range(20):
            (one, other)[number % 2].append(
                [event(number, user_id=f"u{number}", session_id=f"s{number % 3}")]
            )
        assert [(seq, fact.user_id) for seq, fact in one.facts()] == [(n + 1, f"u{n}") for n in range(20)]


def test_a_scan_can_be_left_half_way(log: SQLiteLog, event: MakeEvent) -> None:
    log.append([event(number) for number in range(70_000)])
    scanning = log.scan("events")
    assert 0 < next(scanning).num_rows <= 8_192
    scanning.close()  # type: ignore[attr-defined]
    assert [batch.num_rows for batch in log.scan("events", after=69_999)] == [1]
