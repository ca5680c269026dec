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


def vowpal(flags: str, m: int, d: int, case: str) -> tuple[Callable[[], object], int]:
    """Return one action to be timed, and how many decisions or rows it is: text examples, built before."""
    workspace = Workspace(f"--cb_explore_adf --quiet {flags}")
    examples = [_example(m, d) for _ in range(50)]
    for example in examples:
        workspace.learn(_labelled(example))
    turn = iter(range(10**12))
    if case == "update":
        labelled = [_labelled(example) for example in examples]
        return lambda: workspace.learn(labelled[next(turn) % 50]), 1
    return lambda: workspace.predict(examples[next(turn) % 50]), 1


def vowpal_from_arrays(flags: str, m: int, d: int, case: str) -> tuple[Callable[[], object], int]:
    """Return the same, with each example written when it is asked for."""
    workspace = Workspace(f"--cb_explore_adf --quiet {flags}")
    tables = RNG.normal(size=(50, m, d))
    for table in tables:
        workspace.learn(_labelled(_written(table)))
    turn = iter(range(10**12))
    if case == "update":
        return lambda: workspace.learn(_labelled(_written(tables[next(turn) % 50]))), 1
    return lambda: workspace.predict(_written(tables[next(turn) % 50])), 1


def _example(m: int, d: int) -> list[str]:
    return _written(RNG.normal(size=(m, d)))


def _written(table: np.ndarray) -> list[str]:
    return [" ".join(["|f", *(f"{i}:{x:.4f}" for i, x in enumerate(row))]) for row in table.tolist()]


def _labelled(example: list[str]) -> list[str]:
    return [f"0:{-float(RNG.random() < 0.1)}:{1 / len(example):.4f} {example[0]}", *example[1:]]


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
        return vowpal(VOWPAL[name], m, d, case)
    if name in WRITTEN:
        return vowpal_from_arrays(WRITTEN[name], m, d, case)
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
