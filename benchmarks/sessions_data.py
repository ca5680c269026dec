"""Two public sets of sessions, and the settings of the session models that suit each.

Both are folders with sessions.json, [[item, ...], ...] in the order of time, and test.json,
[[prefix, ...], [next item, ...]]. The settings were found on the last tenth of the training sessions, all
models fitted on those before; nothing was chosen by the test.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models import BorrowedRules, Learner, SequentialRules, SessionBlend, SessionKNN
from equipoise.types import Ints

DATA = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Training sessions, a user each, and n prefixes with the item that came next, (n,)."""

    train: Interactions
    prefixes: Histories
    following: Ints


def read(name: str) -> Sessions:
    """Return the set `name`; items are numbered from 0 as in the files, which number them from 1."""
    folder = DATA / name
    sessions = json.loads((folder / "sessions.json").read_text())
    prefixes, following = json.loads((folder / "test.json").read_text())
    lengths = [len(session) for session in sessions]
    items = np.concatenate(sessions).astype(np.int64) - 1
    train = Interactions(
        users=np.repeat(np.arange(len(sessions)), lengths),
        items=items,
        times=np.arange(len(items)),
        weights=np.ones(len(items)),
        values=np.zeros(len(items)),
        n_users=len(sessions),
        n_items=int(items.max()) + 1,
    )
    asked = Histories.of([np.array(prefix) - 1 for prefix in prefixes])
    return Sessions(train=train, prefixes=asked, following=np.array(following) - 1)


_RETAILROCKET = SessionKNN(
    n_neighbors=100, fade=4.0, reach=2.0, before=0.9, rarity=1.5, length=0.3, half_life=1.0
)

LEARNERS: dict[str, dict[str, Learner]] = {
    "diginetica-sessions": {
        "sequential_rules": SequentialRules(),
        "session_knn": SessionKNN(),
        "session_blend": SessionBlend(),
    },
    "retailrocket-sessions": {
        "sequential_rules": SequentialRules(),
        "session_knn": _RETAILROCKET,
        "session_blend": SessionBlend(
            knn=_RETAILROCKET,
            borrowed=BorrowedRules(decay=0.3),
            borrowed_weight=2.0,
            trend=0.15,
            reminder_weight=1.2,
        ),
    },
}
"""The models by data set and name."""
