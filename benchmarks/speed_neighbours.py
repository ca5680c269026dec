"""Seconds to find the 100 nearest items of each by cosine, beside implicit and sparse_dot_topn, in one run.

    python -m venv peers && peers/bin/pip install implicit==0.7.3 sparse_dot_topn==1.2.0 scipy
    python benchmarks/speed_neighbours.py --peers peers/bin/python
    python benchmarks/speed_neighbours.py                          # this project alone

From the same CSR matrix of users by items (gowalla, the given training part; Beauty, all but each user's last
two items) to the table of neighbours: lengths, transposes and products are all timed. Everyone has the same
number of threads, one and then two, and goes in turn, `--repeats` times after a first that is not counted;
the figures are medians of CPU time and of wall time. The peers' 100 hold the item itself, ours 100 others.
Needs the data sets at EQUIPOISE_DATA.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from scipy import sparse

from equipoise.models.neighbours import nearest
from equipoise.models.neighbours.nearest import Index
from equipoise.models.neighbours.similarities import Cosine
from equipoise.types import Ints

N_NEIGHBORS = 100
RESULTS = Path(__file__).parent / "results" / "speed_neighbours.json"
Timed = dict[str, float]


def gowalla(folder: Path) -> sparse.csr_matrix:
    """Return the training part of LightGCN's split."""
    lines = (folder / "gowalla" / "train.txt").read_text().splitlines()
    return matrix([np.array(line.split()[1:], np.int64) for line in lines])


def beauty(folder: Path) -> sparse.csr_matrix:
    """Return all but the last two items of each user."""
    lines = (folder / "amazon" / "Beauty.txt").read_text().splitlines()
    return matrix([np.array(line.split()[1:-2], np.int64) - 1 for line in lines])


def matrix(rows: list[Ints]) -> sparse.csr_matrix:
    items = np.concatenate(rows)
    users = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return sparse.csr_matrix((np.ones(len(items), np.float32), (users, items)))


SETS = {"gowalla": gowalla, "beauty": beauty}


def fitted(met: sparse.csr_matrix) -> int:
    """Find the neighbours as `ItemKNN` does; return how many similarities were kept."""
    items = met.T.tocsr()
    vectors = Cosine().vectors(items)
    return int(Index.of(vectors).nearest(vectors, N_NEIGHBORS, itself=False).nnz)


def ours(met: sparse.csr_matrix, threads: int) -> Timed:
    nearest.THREADS = threads
    cpu, wall = process_time(), perf_counter()
    kept = fitted(met)
    return {"cpu": process_time() - cpu, "wall": perf_counter() - wall, "kept": kept}


class Peers:
    """The other side, in its own environment."""

    def __init__(self, python: str) -> None:
        script = Path(__file__).with_name("speed_neighbours_peers.py")
        self._process = subprocess.Popen(
            [python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.versions: dict[str, str] = self._read()

    def timed(self, name: str, path: Path, threads: int) -> Timed:
        """Return the seconds of the peer called `name` on the matrix saved at `path`."""
        asked = {"name": name, "path": str(path), "threads": threads, "n": N_NEIGHBORS}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the peers' process."""
        self._process.communicate()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the peers' environment ended; does it have implicit and sparse_dot_topn?")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def peers_of(python: str | None) -> Iterator[Peers | None]:
    peers = None if python is None else Peers(python)
    yield peers
    if peers is not None:
        peers.close()


def measured(
    met: sparse.csr_matrix, path: Path, peers: Peers | None, threads: int, repeats: int
) -> dict[str, Any]:
    """Return the medians of everyone, and ours as a share of each peer's."""
    runs: dict[str, list[Timed]] = {}
    for turn in range(repeats + 1):
        round_ = {"equipoise": ours(met, threads)}
        if peers is not None:
            round_ |= {name: peers.timed(name, path, threads) for name in ("implicit", "sparse_dot_topn")}
        for name, timed in round_.items() if turn else ():
            runs.setdefault(name, []).append(timed)
    table = {name: {kind: median(of, kind) for kind in ("cpu", "wall", "kept")} for name, of in runs.items()}
    mine = table["equipoise"]
    for row in table.values():
        row["ours_by_cpu"] = round(mine["cpu"] / row["cpu"], 3)
        row["ours_by_wall"] = round(mine["wall"] / row["wall"], 3)
    return table


def median(runs: list[Timed], kind: str) -> float:
    return round(statistics.median(run[kind] for run in runs), 4)


def shown(what: str, threads: int, table: dict[str, Any]) -> None:
    print(f"{what}, {threads} thread{'s' * (threads > 1)}")
    for name, row in table.items():
        print(
            f"  {name:<17}{row['cpu']:>9.3f} CPU s{row['wall']:>9.3f} s"
            f"   ours / theirs: {row['ours_by_cpu']:.2f} by CPU, {row['ours_by_wall']:.2f} by the clock"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", help="the interpreter of the peers' environment")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path, default=RESULTS)
    asked = parser.parse_args()
    folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data"))
    cases: dict[str, Any] = {}
    with peers_of(asked.peers) as peers, tempfile.TemporaryDirectory() as scratch:
        for what, read in SETS.items():
            met, path = read(folder), Path(scratch) / f"{what}.npz"
            sparse.save_npz(path, met)
            for threads in (1, 2):
                table = measured(met, path, peers, threads, asked.repeats)
                cases[f"{what}, threads {threads}"] = table
                shown(what, threads, table)
        versions = {} if peers is None else peers.versions
    mine = {package: version(package) for package in ("numpy", "scipy", "numba")}
    found = {"machine": platform.machine(), "versions": mine, "peers": versions}
    asked.json.write_text(json.dumps(found | {"repeats": asked.repeats, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
