r"""Processor seconds to be as good as peers get: RecTools' SASRec, RecBole's SASRec and GRU4Rec.

    python -m venv rectools && rectools/bin/pip install torch==2.13.0 'rectools[torch]==0.19.0'
    python -m venv recbole && recbole/bin/pip install torch==2.13.0 'numpy==1.26.*' 'pandas==2.2.*' \
        'scipy==1.13.*' recbole==1.2.1
    PYTHONPATH=src python benchmarks/speed_sequences.py --rectools rectools/bin/python \
        --recbole recbole/bin/python --cap 3600
    PYTHONPATH=src python benchmarks/speed_sequences.py --table

Amazon Beauty. Everyone learns from all but the last two items of each user, on one thread, and is asked after
each epoch for the last but one among all items, seen ones left out; asking is not timed. A peer goes on until
it has had `--cap` processor seconds, in which it should pass its best; ours goes on until it has reached each
peer's best. Results are kept by epoch; a run that was stopped begins anew, one that was finished is left.
The peers are given what their makers publish as the best settings (RecTools: 1 block, 1 head, sampled softmax
on 256 negatives) or ship as defaults (RecBole), 64 wide, and the last 20 items, less work than our 50.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import torch

from equipoise.data.foreign import read_dataset
from equipoise.data.split import HeldOut
from equipoise.data.splits.last import LeaveLastOut
from equipoise.models import GatedSASRec, Scorer
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.models.neural.validation import Validation
from equipoise.random import derive

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed_sequences.jsonl"
PEERS = {
    "RecTools SASRec": ("rectools", "speed_sequences_rectools.py", []),
    "RecBole SASRec": ("recbole", "speed_sequences_recbole.py", ["SASRec"]),
    "RecBole GRU4Rec": ("recbole", "speed_sequences_recbole.py", ["GRU4Rec"]),
}
OURS = "equipoise gated_sasrec"
LEARNER = GatedSASRec(epochs=200, patience=200)
K = 10


@dataclass(slots=True)
class Clock:
    """Told of each epoch, it asks what `asked` asks, and keeps (epoch, processor seconds, NDCG@10)."""

    asked: HeldOut
    goal: float
    cap: float
    train: Any
    begun: float = field(default_factory=process_time)
    asking: float = 0.0
    kept: list[tuple[int, float, float]] = field(default_factory=list)

    def ndcg(self, scorer: Scorer) -> float:
        """Return the NDCG@10 of `scorer`; raise `Reached` where nothing more is to be waited for."""
        stopped = process_time()
        spent = stopped - self.begun - self.asking
        best = scorer.top(self.asked.histories, K).items
        _, rank = np.nonzero(best == self.asked.targets.items[:, None])
        found = float((1 / np.log2(rank + 2)).sum() / len(self.asked))
        self.asking += process_time() - stopped
        self.kept.append((len(self.kept) + 1, round(spent, 2), round(found, 5)))
        print(OURS, *self.kept[-1], flush=True)
        if found >= self.goal or spent >= self.cap:
            raise Reached
        return found


class Reached(Exception):
    """The goal is."""


def main() -> None:
    options = _options()
    if not options.table:
        for name in [name for name, (which, *_) in PEERS.items() if getattr(options, which) is not None]:
            if not _finished(options.out, name):
                _peer(name, options)
        goal = max((line["ndcg"] for line in _lines(options.out) if line["model"] != OURS), default=1.0)
        if not any(line["model"] == OURS and line["ndcg"] >= goal for line in _lines(options.out)):
            _ours(goal, options)
    print(table(list(_lines(options.out))))


def _peer(name: str, options: argparse.Namespace) -> None:
    which, script, arguments = PEERS[name]
    command = [getattr(options, which), HERE / script, _file(), str(options.cap), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=options.scratch) as running:
        assert running.stdout is not None
        for text in running.stdout:
            if text.startswith("epoch "):
                epoch, spent, ndcg = text.split()[1:]
                _keep(options.out, name, int(epoch), float(spent), float(ndcg), options.cap)
    if running.returncode:
        sys.exit(f"{name} ended with {running.returncode}")


def _ours(goal: float, options: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    data = read_dataset(str(_file()))
    twin = LeaveLastOut().twin.hold_out(LeaveLastOut().hold_out(data.interactions).past)
    clock = Clock(twin.asked, goal, options.cap, twin.train)
    # The learner keeps nobody back here: it is judged by what the peers are judged by.
    learner: SequenceLearner = LEARNER
    try:
        with patch.object(Validation, "of", lambda *given, **settings: clock):
            learner.fit(twin.train, rng=derive(1, "speed"))
    except Reached:
        pass
    for epoch, spent, ndcg in clock.kept:
        _keep(options.out, OURS, epoch, spent, ndcg, options.cap)


def table(lines: list[dict[str, Any]]) -> str:
    """Return a row a peer: its best within its time, and when ours was as good."""
    told = [
        "| peer | epochs | its best NDCG@10 | processor s to it | ours to the same | ratio |",
        "|---|---|---|---|---|---|",
    ]
    ours = [line for line in lines if line["model"] == OURS]
    for name in dict.fromkeys(line["model"] for line in lines if line["model"] != OURS):
        own = [line for line in lines if line["model"] == name]
        best = max(own, key=lambda line: line["ndcg"])
        reached = next((line["seconds"] for line in ours if line["ndcg"] >= best["ndcg"]), None)
        cells = (
            ("not reached", "") if reached is None else (f"{reached:.1f}", f"{best['seconds'] / reached:.0f}")
        )
        told.append(
            f"| {name} | {len(own)} | {best['ndcg']:.4f} | {best['seconds']:.0f} | {' | '.join(cells)} |"
        )
    return "\n".join(told)


def _finished(path: Path, name: str) -> bool:
    return any(line["model"] == name and line["seconds"] >= line["cap"] for line in _lines(path))


def _keep(path: Path, name: str, epoch: int, seconds: float, ndcg: float, cap: float) -> None:
    line = {"model": name, "epoch": epoch, "seconds": seconds, "ndcg": ndcg, "cap": cap}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as out:
        out.write(json.dumps(line) + "\n")
    print(line, flush=True)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the newest run of each model, an epoch a line."""
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    begun = {line["model"]: at for at, line in enumerate(lines) if line["epoch"] == 1}
    yield from (line for at, line in enumerate(lines) if at >= begun[line["model"]])


def _file() -> Path:
    return Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")).resolve() / "amazon" / "Beauty.txt"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rectools", type=Path, help="the Python that has RecTools")
    parser.add_argument("--recbole", type=Path, help="the Python that has RecBole")
    parser.add_argument("--cap", type=float, default=3600.0, help="processor seconds of training for each")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument(
        "--scratch", type=Path, default=Path("/tmp"), help="where the peers write their files"
    )
    parser.add_argument("--table", action="store_true", help="only show what is kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
