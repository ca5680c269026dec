"""Kill the writing process again and again: what it acknowledged is there, once, in order."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from equipoise.events.facts import Decision, Event
from equipoise.events.sqlite import SQLiteLog

WRITER = """
import sys
from collections import deque
from pathlib import Path
import numpy as np
from equipoise.events.facts import Choice, Decision, Event
from equipoise.events.sqlite import SQLiteLog

def fact(n):
    if n % 3:
        return Event(event_id=str(n), event_type="click", timestamp=n, user_id=f"u{n}", item_id=f"i{n % 50}")
    shown = Choice(item_id="i1", position=0, score=1.0, propensity=0.5, explored=False, source="popular")
    return Decision(recommendation_id=str(n), user_id=f"u{n}", session_id=None, surface="home", timestamp=n,
        policy="uniform", policy_version=1, variant="v", candidates=("i1", f"j{n}"), scores=np.ones(2),
        features_version="f", slate=(shown,), exploration=1.0, reason="r", features=np.ones((1, 2)))

log = SQLiteLog(Path(sys.argv[1]))
waiting = deque()
n = int(sys.argv[2])
while True:
    waiting.append((n, log.submit([fact(n), fact(n)])))
    n += 1
    if len(waiting) > 20:
        number, promise = waiting.popleft()
        promise.result()
        print(number, flush=True)
"""

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from equipoise.errors import LogError
from equipoise.events.facts import Event
from equipoise.events.sqlite import SQLiteLog

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
log = SQLiteLog(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
for n in range(100_000):
    try:
        log.append([Event(event_id=str(n), event_type="view", timestamp=n, user_id=f"u{n}", item_id="i")])
    except LogError as error:
        print("refused", str(error).replace(sys.argv[1], "PATH"), flush=True)
        break
    print(n, flush=True)
"""


def killed_at_some_moment(path: Path, start: int, rng: random.Random) -> list[int]:
    """Write from number `start` on, kill -9 after a moment, return what was acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(start)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.15))
        writer.kill()
        # The last line may have been cut in two by the kill.
        lines = [first, *writer.stdout.readlines()]
    return [int(line) for line in lines if line.endswith("\n")]


@pytest.mark.parametrize(
    "kills", [pytest.param(5), pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(900)])]
)
def test_what_was_acknowledged_survives_kill_9_once_and_in_order(tmp_path: Path, kills: int) -> None:
    rng = random.Random(kills)
    path = tmp_path / "log.db"
    acknowledged: list[int] = []
    for _ in range(kills):
        # A client that was cut off sends again what it has no answer for.
        start = acknowledged[-1] + 1 if acknowledged else 0
        acknowledged += killed_at_some_moment(path, start, rng)
    with SQLiteLog(path) as log:
        kept = [fact for _, fact in log.facts()]
        scanned = sum(batch.num_rows for table in ("events", "decisions") for batch in log.scan(table))
    numbers = [int(fact.event_id if type(fact) is Event else name(fact)) for fact in kept]
    assert acknowledged == list(range(len(acknowledged)))
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= len(acknowledged) >= kills
    assert scanned == len(numbers)
    assert all(fact.user_id == f"u{number}" for number, fact in zip(numbers, kept, strict=True))


def name(fact: Event | Decision) -> str:
    assert isinstance(fact, Decision)
    assert len(fact.slate) == 1
    return fact.recommendation_id


def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True, timeout=120
    )
    *acknowledged, refusal = done.stdout.splitlines()
    assert refusal.startswith("refused PATH: ")
    assert "free some space" in refusal
    assert len(acknowledged) > 10
    with SQLiteLog(path) as log:
        kept = [fact.event_id for _, fact in log.facts() if type(fact) is Event]
        assert kept[: len(acknowledged)] == acknowledged
        again = Event(event_id="later", event_type="view", timestamp=1, user_id="u", item_id="i")
        assert log.append([again]).new == 1
