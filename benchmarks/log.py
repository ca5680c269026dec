"""What the log costs: appends, bytes, scans. `python benchmarks/log.py [FOLDER]` prints the figures."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

from equipoise.events.facts import Choice, Decision, Event, Item
from equipoise.events.sqlite import SQLiteLog

N_ITEMS, N_EVENTS, N_SINGLE = 4_000, 400_000, 2_000
ITEMS = [Item(item_id=f"{20_000 + item}", timestamp=1, title=f"Item {item}") for item in range(N_ITEMS)]


def main(folder: Path) -> None:
    path = folder / "log.db"
    with SQLiteLog(path) as log:
        log.append(ITEMS)
    before = path.stat().st_size
    with SQLiteLog(path) as log:
        decisions = [decision(number) for number in range(N_SINGLE)]
        with timed(f"{N_SINGLE:,} decisions of 200 candidates, each durable before the next", N_SINGLE):
            for each in decisions:
                log.append([each])
        print(f"submit, as the caller sees it: {1e6 * median(submitted(log)):.0f} µs")
    print(f"bytes a decision on disk: {(path.stat().st_size - before) / (N_SINGLE + 500):.0f}")
    with SQLiteLog(path) as log:
        events = [event(number) for number in range(N_EVENTS)]
        with timed(f"{N_EVENTS:,} events in appends of 10,000", N_EVENTS):
            for start in range(0, N_EVENTS, 10_000):
                log.append(events[start : start + 10_000])
        with timed("scan of the events as Arrow", N_EVENTS):
            assert sum(batch.num_rows for batch in log.scan("events")) == N_EVENTS
        with timed("the same as facts", N_EVENTS):
            assert sum(1 for _ in log.facts()) == N_EVENTS + N_SINGLE + 500


def submitted(log: SQLiteLog) -> Iterator[float]:
    for number in range(N_SINGLE, N_SINGLE + 500):
        each = decision(number)
        start = perf_counter()
        promise = log.submit([each])
        yield perf_counter() - start
        promise.result()


def event(number: int) -> Event:
    return Event(
        event_id=f"{536_365 + number // 20}-{number % 20}",
        event_type="purchase",
        timestamp=1_700_000_000_000_000 + number,
        user_id=f"{12_000 + number % 4_300}",
        session_id=f"{536_365 + number // 20}",
        item_id=ITEMS[number % N_ITEMS].item_id,
        value=1.5 * number,
        quantity=2.0,
        currency="GBP",
    )


def decision(number: int) -> Decision:
    rng = np.random.default_rng(number)
    candidates = tuple(ITEMS[item].item_id for item in rng.choice(N_ITEMS, 200, replace=False))
    scores = rng.normal(size=200)
    slate = tuple(
        Choice(
            item_id=candidates[place],
            position=place,
            score=float(scores[place]),
            propensity=float(rng.random()),
            explored=place == 3,
            source="popular",
        )
        for place in range(10)
    )
    return Decision(
        recommendation_id=rng.bytes(16).hex(),
        user_id=f"{12_000 + number % 4_300}",
        session_id=f"session-{number // 3}",
        surface="home",
        timestamp=1_700_000_000_000_000 + number,
        policy="lin_boltzmann",
        policy_version=number,
        variant="policy",
        candidates=candidates,
        scores=scores,
        features_version="v1",
        slate=slate,
        exploration=0.1,
        reason="3 of 10 to learn of items it knows little about",
        features=rng.normal(size=(10, 12)).astype(np.float32),
    )


@contextmanager
def timed(what: str, number: int) -> Iterator[None]:
    start, worked = perf_counter(), process_time()
    yield
    seconds, worked = perf_counter() - start, process_time() - worked
    print(f"{what}: {seconds:.2f} s ({worked:.2f} s of CPU), {number / seconds:,.0f} a second")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(Path(scratch))
