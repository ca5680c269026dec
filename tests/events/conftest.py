from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.events.facts import Choice, Decision, Event
from equipoise.events.sqlite import SQLiteLog


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SQLiteLog]:
    with SQLiteLog(tmp_path / "log.db") as opened:
        yield opened


@pytest.fixture
def event() -> Callable[..., Event]:
    def make(number: int = 1, **fields: Any) -> Event:
        plain: dict[str, Any] = {
            "event_id": f"e{number}",
            "event_type": "click",
            "timestamp": 10**15 + number,
        }
        return Event(**(plain | {"user_id": "u1", "item_id": "i1"} | fields))

    return make


@pytest.fixture
def decision() -> Callable[..., Decision]:
    def make(number: int = 1, m: int = 200, k: int = 10, d: int = 12) -> Decision:
        rng = np.random.default_rng(number)
        shown = rng.choice(4_000, m, replace=False)
        scores = rng.normal(size=m)
        slate = tuple(
            Choice(
                item_id=f"{20_000 + shown[place]}",
                position=place,
                score=float(scores[place]),
                propensity=float(rng.random()),
                explored=bool(rng.random() < 0.3),
                source=("popular", "co_purchase", "new")[place % 3],
            )
            for place in range(k)
        )
        return Decision(
            recommendation_id=rng.bytes(16).hex(),
            user_id=f"{12_000 + number % 4_000}",
            session_id=f"session-{number // 3}",
            surface="home",
            timestamp=1_700_000_000_000_000 + number,
            policy="lin_boltzmann",
            policy_version=number,
            variant="policy",
            candidates=tuple(f"{20_000 + item}" for item in shown),
            scores=scores,
            features_version="v1",
            slate=slate,
            exploration=0.1,
            reason="3 of 10 to learn of items it knows little about",
            features=rng.normal(size=(k, d)).astype(np.float32),
        )

    return make
