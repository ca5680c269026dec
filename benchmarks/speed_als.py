"""Seconds of an iteration of implicit ALS beside `implicit`, on the same matrices, and the accuracy it buys.

    python -m venv peers && peers/bin/pip install implicit==0.7.3
    python benchmarks/speed_als.py --peers peers/bin/python
    python benchmarks/speed_als.py --threads 2 --peers peers/bin/python
    python benchmarks/speed_als.py                               # this project alone

Both minimise the same objective: of what was met, weighed 1 + alpha, and all else, weighed 1, to be 1 and 0,
with `ridge` times alpha on the squared length of each vector. Here that is unobserved_weight = 1 / alpha,
reg = ridge, reg_exponent = 0. Both take 3 conjugate gradient steps a row, the default of `implicit`, in
float32. In a round each side fits once, turn and turn about, in a process of its own; the seconds are CPU
seconds of the whole fit over its iterations, with what comes before the first one, after a fit for warming.
Recall@20 is of all items but those of the training part: `implicit` with the vectors it fitted to the users,
this project by folding the users' histories in; one seed a round. BLAS has as many threads as are asked for
here, and one in `implicit`, which asks for that and has threads of its own.

Data: gowalla, the published split, every fifth user asked; MovieLens-1M, ratings of 4 and more, the first of
the five folds.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import mean, median
from typing import Any

ROOT = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data"))
RESULTS = Path(__file__).parent / "results" / "speed_als.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A data set and a size, with what both sides minimise there, and what else validation chose for us.

    `tuned`: settings that `implicit` has not; its figures stand beside, as "tuned".
    """

    data: str
    embedding_size: int
    alpha: float
    ridge: float
    tuned: dict[str, float]


CASES = [
    Case(
        data="gowalla",
        embedding_size=64,
        alpha=50.0,
        ridge=0.5,
        tuned={"unobserved_weight": 0.02, "reg": 0.00237, "reg_exponent": 1.0, "iterations": 10},
    ),
    Case(
        data="gowalla",
        embedding_size=128,
        alpha=50.0,
        ridge=0.5,
        tuned={"unobserved_weight": 0.01, "reg": 0.003, "reg_exponent": 1.0, "iterations": 8},
    ),
    Case(data="movielens", embedding_size=64, alpha=20.0, ridge=6.0, tuned={}),
    Case(data="movielens", embedding_size=128, alpha=20.0, ridge=6.0, tuned={}),
]
SCRIPTS = {"equipoise": "speed_als_ours.py", "implicit": "speed_als_implicit.py"}


class Side:
    """One side of the comparison, in a process and an environment of its own."""

    def __init__(self, name: str, python: str, threads: int) -> None:
        blas = threads if name == "equipoise" else 1
        one = {key: str(blas) for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        self._process = subprocess.Popen(
            [python, str(Path(__file__).with_name(SCRIPTS[name])), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | one | {"NUMBA_NUM_THREADS": str(threads)},
        )

    def ask(self, **question: Any) -> dict[str, Any]:
        """Return the answer to one line of JSON."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(
                "a side ended; does its environment have what the first lines of this file name?"
            )
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def compared(
    case: Case, sides: dict[str, Side], folder: Path, repeats: int, iterations: int
) -> dict[str, Any]:
    """Return the seconds of an iteration and the accuracy of each side in one case."""
    asked = asdict(case) | {"folder": str(folder), "iterations": iterations, "tuned": {}}
    fits = {name: (side, asked) for name, side in sides.items()}
    if case.tuned:
        fits["tuned"] = (sides["equipoise"], asked | {"tuned": case.tuned})
    for side in sides.values():
        side.ask(**asked | {"iterations": 1, "seed": 0, "score": False})
    rounds = [
        {name: side.ask(**question, seed=seed, score=True) for name, (side, question) in fits.items()}
        for seed in range(1, repeats + 1)
    ]
    return {
        name: {
            "cpu_seconds": [round(one[name]["cpu"] / one[name]["iterations"], 4) for one in rounds],
            "wall_seconds": [round(one[name]["wall"] / one[name]["iterations"], 4) for one in rounds],
            "recall@20": [round(one[name]["recall"], 4) for one in rounds],
        }
        for name in fits
    }


def shown(case: Case, row: dict[str, Any]) -> None:
    for name, one in row.items():
        seconds = median(one["cpu_seconds"])
        share = seconds / median(row["implicit"]["cpu_seconds"]) if "implicit" in row else float("nan")
        print(
            f"{case.data:<10}{case.embedding_size:>4} {name:<10}{seconds:>8.3f} CPU s an iteration"
            f"{share:>6.2f} of implicit   recall@20 {mean(one['recall@20']):.4f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", help="the interpreter of the peers' environment")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=15)
    parser.add_argument("--json", type=Path, default=RESULTS)
    asked = parser.parse_args()
    pythons = {"equipoise": sys.executable} | ({"implicit": asked.peers} if asked.peers else {})
    sides = {name: Side(name, python, asked.threads) for name, python in pythons.items()}
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        sides["equipoise"].ask(prepare=str(ROOT), folder=folder)
        for case in CASES:
            row = compared(case, sides, Path(folder), asked.repeats, asked.iterations)
            shown(case, row)
            rows.append(asdict(case) | row)
    for side in sides.values():
        side.close()
    written = json.loads(asked.json.read_text()) if asked.json.exists() else {}
    written[f"threads {asked.threads}"] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("equipoise", "numpy", "numba")} | {"implicit": "0.7.3"},
        "iterations": asked.iterations,
        "cases": rows,
    }
    asked.json.write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
