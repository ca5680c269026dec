"""What the comparison of models has measured: one line of JSON each, so that a stopped one goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import msgspec

RESULTS = Path(__file__).parent / "results" / "collaborative.jsonl"
Key: TypeAlias = tuple[str, str, int]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One model under one seed: means over `users`, and halves of their 95% intervals."""

    protocol: str
    model: str
    source: str
    seed: int
    metrics: dict[str, float]
    half_widths: dict[str, float]
    users: int
    fit_seconds: float
    score_seconds: float
    peak_memory_mb: int
    threads: str
    draws: bool = True
    """Whether it drew from its generator while it was fitted; if not, one seed tells all."""

    def line(self) -> str:
        """Return what a person watching wants to see."""
        told = "  ".join(f"{name} {value:.4f}" for name, value in self.metrics.items())
        return f"{self.protocol}  {self.model}  seed {self.seed}  {told}  fit {self.fit_seconds} s"


def mean(results: Sequence[Result], metric: str) -> float:
    """Return the mean of `metric` over seeds."""
    return sum(one.metrics[metric] for one in results) / len(results)


@dataclass(slots=True)
class Store:
    """The results in `path`; of two with the same key the later line counts."""

    path: Path
    results: dict[Key, Result] = field(default_factory=dict)

    @classmethod
    def opened(cls, path: Path) -> "Store":
        """Return the store of `path`; a line cut short by a kill is passed over."""
        path.parent.mkdir(parents=True, exist_ok=True)
        store = cls(path)
        for result in _read(path):
            store._add(result)
        return store

    def answers(self, protocol: str, model: str, seed: int) -> bool:
        """Return whether it has been measured, or another seed would be the same."""
        before = self.of(protocol, model)
        return (protocol, model, seed) in self.results or any(not one.draws for one in before)

    def keep(self, result: Result) -> None:
        """Add `result` to the file."""
        cut_short = self.path.exists() and self.path.read_bytes()[-1:] not in (b"", b"\n")
        with self.path.open("ab") as out:
            out.write(b"\n" * cut_short + msgspec.json.encode(result) + b"\n")
        self._add(result)

    def of(self, protocol: str, model: str) -> list[Result]:
        """Return the results of one model in one protocol, by seed."""
        found = [one for (where, who, _), one in self.results.items() if (where, who) == (protocol, model)]
        return sorted(found, key=lambda one: one.seed)

    def _add(self, result: Result) -> None:
        self.results[(result.protocol, result.model, result.seed)] = result


def _read(path: Path) -> Iterator[Result]:
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            yield msgspec.json.decode(line, type=Result)
        except msgspec.DecodeError:
            continue
