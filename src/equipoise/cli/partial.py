"""Results of long work, kept one by one so that an interrupted command goes on where it was."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from equipoise.errors import BadInputError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Partial(Generic[T]):
    """A file of JSON lines beside a result that is not finished: first what was asked, then each part.

    `asked` must be the same for parts to be taken up again.
    """

    path: Path
    kind: type[T]
    asked: Mapping[str, Any]

    @classmethod
    def beside(cls, result: Path, kind: type[T], asked: Mapping[str, Any]) -> "Partial[T]":
        """Return the file that goes with `result` while it is being made."""
        return cls(result.with_name(f".{result.name}.partial"), kind, asked)

    def read(self) -> list[T]:
        """Return the parts already there; none if something else was asked, and then begin anew."""
        lines = list(self._lines())
        if lines and msgspec.json.decode(lines[0]) == self.asked:
            return [msgspec.json.decode(line, type=self.kind) for line in lines[1:]]
        self._write("w", msgspec.json.encode(self.asked))
        return []

    def keep(self, part: T) -> None:
        """Add a part."""
        self._write("a", msgspec.json.encode(part))

    def discard(self) -> None:
        """Remove the file: the result is finished."""
        self.path.unlink(missing_ok=True)

    def _lines(self) -> Iterator[str]:
        """Yield the whole lines; the last may have been cut off."""
        if self.path.exists():
            yield from self.path.read_text().split("\n")[:-1]

    def _write(self, mode: str, line: bytes) -> None:
        try:
            with self.path.open(mode) as file:
                file.write(line.decode() + "\n")
        except OSError as error:
            raise BadInputError("--json", f"cannot write {self.path}: {error.strerror}") from error
