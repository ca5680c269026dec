"""The peers' side of policy_speed.py: it runs in their own environment and knows nothing of equipoise.

Reads one case a line from standard input, as JSON, runs it for about the seconds asked for, and answers how
many were done in how many seconds of this process. The first line it writes lists the cases and versions.

Vowpal Wabbit reads text. `from arrays` it is written out of the candidates' features for each request, as
whoever calls it with numbers has to; without those words it was written before.
"""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import process_time
from typing import TypeAlias

import numpy as np
from mabwiser.mab import MAB, LearningPolicy
from vowpalwabbit import Workspace

VOWPAL = {
    "vowpal_wabbit squarecb": "--squarecb",
    "vowpal_wabbit regcb": "--regcbopt",
    "vowpal_wabbit bag": "--bag 8",
    "vowpal_wabbit cover": "--cover 8",
    "vowpal_wabbit epsilon": "--epsilon 0.05",
}
FROM_ARRAYS = ", from arrays"
WRITTEN = {
    f"{name}{FROM_ARRAYS}": VOWPAL[name] for name in ("vowpal_wabbit squarecb", "vowpal_wabbit epsilon")
}
MABWISER = {
    "mabwiser lin_ucb": LearningPolicy.LinUCB(alpha=1.0),
    "mabwiser lin_ts": LearningPolicy.LinTS(alpha=0.5),
}
RNG = np.random.default_rng(7)
Write: TypeAlias = Callable[[np.ndarray], list[str]]
When: TypeAlias = Callable[[Write, np.ndarray], Callable[[], list[str]]]


def vowpal(flags: str, m: int, d: int, case: str, when: When) -> tuple[Callable[[], object], int]:
    """Return one action to be timed, and how many decisions or rows it is; `when` text is written."""
    workspace = Workspace(f"--cb_explore_adf --quiet {flags}")
    tables = RNG.normal(size=(50, m, d))
    for table in tables:
        workspace.learn(_labelled(table))
    tell, write = (workspace.learn, _labelled) if case == "update" else (workspace.predict, _written)
    examples = [when(write, table) for table in tables]
    turn = iter(range(10**12))
    return lambda: tell(examples[next(turn) % 50]()), 1


def before(write: Write, table: np.ndarray) -> Callable[[], list[str]]:
    """Return what tells the text of `table`, written now."""
    text = write(table)
    return lambda: text


def each_time(write: Write, table: np.ndarray) -> Callable[[], list[str]]:
    """Return what writes the text of `table` whenever it is asked."""
    return lambda: write(table)


def _written(table: np.ndarray) -> list[str]:
    return [" ".join(["|f", *(f"{i}:{x:.4f}" for i, x in enumerate(row))]) for row in table.tolist()]


def _labelled(table: np.ndarray) -> list[str]:
    first, *others = _written(table)
    return [f"0:{-float(RNG.random() < 0.1)}:{1 / len(table):.4f} {first}", *others]


def mabwiser(policy: object, m: int, d: int, case: str) -> tuple[Callable[[], object], int]:
    """Return one action to be timed, and how many it is; its models are one an arm."""
    bandit = MAB(list(range(m)), policy, seed=7)
    rows = 1_000
    decisions, rewards = RNG.integers(m, size=rows), (RNG.random(rows) < 0.1).astype(float)
    contexts = RNG.normal(size=(rows, d))
    bandit.fit(decisions, rewards, contexts)
    if case == "update":
        return lambda: bandit.partial_fit(decisions, rewards, contexts), rows
    asked = contexts[:1]
    return lambda: bandit.predict(asked), 1


def timed(action: Callable[[], object], each: int, seconds: float) -> dict[str, float]:
    """Repeat `action` for about `seconds`, and return how many were done in how long."""
    begun, count = process_time(), 0
    while process_time() - begun < seconds:
        action()
        count += each
    return {"count": count, "seconds": process_time() - begun}


def prepared(name: str, m: int, d: int, case: str) -> tuple[Callable[[], object], int]:
    if name in VOWPAL:
        return vowpal(VOWPAL[name], m, d, case, before)
    if name in WRITTEN:
        return vowpal(WRITTEN[name], m, d, case, each_time)
    return mabwiser(MABWISER[name], m, d, case)


def main() -> None:
    versions = {package: version(package) for package in ("vowpalwabbit", "mabwiser", "numpy")}
    print(json.dumps({"names": [*VOWPAL, *WRITTEN, *MABWISER], "versions": versions}), flush=True)
    ready: dict[str, tuple[Callable[[], object], int]] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        key = f"{asked['name']} {asked['case']}"
        if key not in ready:
            ready[key] = prepared(asked["name"], asked["m"], asked["d"], asked["case"])
        print(json.dumps(timed(*ready[key], asked["seconds"])), flush=True)


if __name__ == "__main__":
    main()
