"""What the comparisons have measured, kept as one line of JSON each, so that a stopped one goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import msgspec


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One contestant with one setting in one world under one seed.

    `regret`, `reward` a round and the `explored` share of positions; `curve` is the cumulative regret at the
    ends of equal parts of the rounds, empty where only the total is of interest.
    """

    world: str
    contestant: str
    setting: str
    rounds: int
    seed: int
    regret: float
    reward: float
    explored: float
    seconds: float
    curve: list[float] = msgspec.field(default_factory=list)


Key: TypeAlias = tuple[str, str, str, int, int]


def key(run: Run) -> Key:
    """Return what a run is known by."""
    return run.world, run.contestant, run.setting, run.rounds, run.seed


@dataclass(slots=True)
class Store:
    """The runs in the files of `folder`; of two with the same key the later line counts."""

    folder: Path
    runs: dict[Key, Run] = field(default_factory=dict)

    @classmethod
    def opened(cls, folder: Path) -> "Store":
        """Return the store of `folder`, made if missing; a line cut short by a kill is passed over."""
        folder.mkdir(parents=True, exist_ok=True)
        store = cls(folder)
        for path in sorted(folder.glob("*.jsonl")):
            store.runs.update((key(run), run) for run in _read(path))
        return store

    def keep(self, run: Run, *, file: str) -> None:
        """Add `run` to `file`.jsonl and be sure that it is there."""
        path = self.folder / f"{file}.jsonl"
        line = msgspec.json.encode(run) + b"\n"
        with path.open("ab") as out:
            out.write(line if _is_whole(path) else b"\n" + line)
        self.runs[key(run)] = run

    def forget(self, contestant: str) -> None:
        """Pass over what is kept of `contestant`: it is measured anew, and then the later line counts."""
        self.runs = {known: run for known, run in self.runs.items() if run.contestant != contestant}

    def get(self, wanted: Key, make: Callable[[], Run], *, file: str) -> Run:
        """Return the run known by `wanted`, made and kept if there is none."""
        if wanted not in self.runs:
            self.keep(make(), file=file)
        return self.runs[wanted]


def _read(path: Path) -> Iterator[Run]:
    for line in path.read_bytes().splitlines():
        try:
            yield msgspec.json.decode(line, type=Run)
        except msgspec.DecodeError:
            continue


def _is_whole(path: Path) -> bool:
    with path.open("rb") as kept:
        if kept.seek(0, 2) == 0:
            return True
        kept.seek(-1, 2)
        return kept.read(1) == b"\n"
