"""Decisions and updates a second of one core, beside Vowpal Wabbit and MABWiser, in one run.

    python -m venv peers && peers/bin/pip install vowpalwabbit==9.11.9 mabwiser==2.7.4
    python benchmarks/policy_speed.py --peers peers/bin/python
    python benchmarks/policy_speed.py                           # this project alone

Three cases: `decide`, one of 20 candidates with 20 features, propensities included; `slate`, 10 positions of
1,000 candidates with 64 features; `update`, rows of 20 features, 1,000 at a time. All run on the same core in
turn, `--repeats` times, and the figures are medians over the repeats of CPU time.

What is compared is what each offers for the job. Vowpal Wabbit reads text, made beforehand; its examples hold
all candidates also when it learns; of 1,000 candidates it ranks and draws one position. MABWiser keeps one
model an arm, sees one context for all arms, and gives no propensities; its slate is one arm of 1,000.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from equipoise.balance.registry import named
from equipoise.data.feedback import LoggedFeedback
from equipoise.policies import Options
from equipoise.random import derive

OURS = (
    "balanced",
    "lin_ucb",
    "reg_cb",
    "discounted_lin_ucb",
    "windowed_lin_ucb",
    "lin_thompson",
    "logistic_thompson",
    "bagging",
    "cover",
    "square_cb",
    "fast_cb",
    "lin_ids",
    "neural_linear",
    "lin_greedy",
    "lin_boltzmann",
)
RESULTS = Path(__file__).parent / "results" / "policy_speed.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`k` positions of `m` candidates with `d` features; `peers` may be asked for fewer positions."""

    m: int
    d: int
    k: int


CASES = {
    "decide": Case(m=20, d=20, k=1),
    "slate": Case(m=1_000, d=64, k=10),
    "update": Case(m=20, d=20, k=1),
}


def requests(case: Case) -> Options:
    rng = derive(7, "speed")
    return Options(
        items=np.arange(case.m)[None],
        scores=np.zeros((1, case.m)),
        features=rng.normal(size=(1, case.m, case.d)),
        context=np.zeros((1, 0)),
    )


def feedback(n: int, d: int) -> LoggedFeedback:
    rng = derive(7, "feedback")
    return LoggedFeedback(
        items=rng.integers(0, 1_000, n),
        features=rng.normal(size=(n, d)),
        positions=np.zeros(n, np.int64),
        propensities=np.full(n, 0.05),
        rewards=(rng.random(n) < 0.1).astype(np.float64),
        impressions=np.ones(n),
    )


def prepared(name: str, kind: str) -> tuple[Callable[[], object], int]:
    """Return one action to be timed, and how many decisions or rows it is."""
    case = CASES[kind]
    news, options, rng = feedback(1_000, case.d), requests(case), derive(7, name)
    policy: Any = named(name).start(case.d)
    policy = policy.update(news).update(news)
    if kind == "update":
        return lambda: policy.update(news), len(news)
    return lambda: policy.decide(options, case.k, rng=rng), 1


def rate(action: Callable[[], object], each: int, seconds: float) -> float:
    """Return how many a second, over about `seconds` of this process."""
    begun, count = process_time(), 0
    while process_time() - begun < seconds:
        for _ in range(10):
            action()
        count += 10 * each
    return count / (process_time() - begun)


class Peers:
    """The other side, in its own environment and on the same core."""

    def __init__(self, python: str) -> None:
        script = Path(__file__).with_name("policy_speed_peers.py")
        self._process = subprocess.Popen(
            [python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        hello = self._read()
        self.names: list[str] = hello["names"]
        self.versions: dict[str, str] = hello["versions"]

    def rate(self, name: str, kind: str, seconds: float) -> float:
        """Return how many a second the peer called `name` does."""
        case = CASES[kind]
        asked = {"name": name, "case": kind, "m": case.m, "d": case.d, "seconds": seconds}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        return float(answer["count"] / answer["seconds"])

    def close(self) -> None:
        """End the peers' process."""
        self._process.communicate()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the peers' environment ended; does it have vowpalwabbit and mabwiser?")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def peers_of(python: str | None) -> Iterator[Peers | None]:
    peers = None if python is None else Peers(python)
    yield peers
    if peers is not None:
        peers.close()


def measured(kind: str, peers: Peers | None, *, repeats: int, seconds: float) -> dict[str, list[float]]:
    """Return the rates of everyone in one case, all measured in turn, `repeats` times."""
    actions = {name: prepared(name, kind) for name in OURS}
    rates: dict[str, list[float]] = {}
    for turn in range(repeats + 1):
        spent = seconds if turn else 0.01
        round_ = {name: rate(*action, spent) for name, action in actions.items()}
        if peers is not None:
            round_ |= {name: peers.rate(name, kind, spent) for name in peers.names}
        if turn:
            for name, value in round_.items():
                rates.setdefault(name, []).append(value)
    return rates


def summary(rates: dict[str, list[float]], others: list[str]) -> dict[str, Any]:
    medians = {name: statistics.median(values) for name, values in rates.items()}
    return {
        name: {
            "per_second": round(medians[name], 1),
            "lowest": round(min(values), 1),
            "highest": round(max(values), 1),
            "times": {other: round(medians[name] / medians[other], 2) for other in others},
        }
        for name, values in rates.items()
    }


def shown(kind: str, table: dict[str, Any], others: list[str]) -> None:
    case = CASES[kind]
    best = max((table[name]["per_second"] for name in others), default=None)
    print(f"{kind}: {case.k} of {case.m} candidates, {case.d} features")
    for name, row in table.items():
        beside = "" if best is None else f"{row['per_second'] / best:>10.1f} x the fastest peer"
        print(f"  {name:<26}{row['per_second']:>14,.0f} /s{1e6 / row['per_second']:>12,.1f} us{beside}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", help="the interpreter of the peers' environment")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="of CPU time a measurement")
    parser.add_argument("--json", type=Path, default=RESULTS)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cases: dict[str, Any] = {}
    with peers_of(asked.peers) as peers:
        others = [] if peers is None else peers.names
        for kind in CASES:
            rates = measured(kind, peers, repeats=asked.repeats, seconds=asked.seconds)
            cases[kind] = summary(rates, others)
            shown(kind, cases[kind], others)
        versions = {} if peers is None else peers.versions
    ours = {package: version(package) for package in ("equipoise", "numpy", "numba")}
    asked.json.write_text(
        json.dumps(
            {
                "machine": f"{platform.machine()}, one core",
                "python": platform.python_version(),
                "versions": ours,
                "peers": versions,
                "repeats": asked.repeats,
                "seconds": asked.seconds,
                "cases": cases,
            },
            indent=1,
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
