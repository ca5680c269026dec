"""The gate's book: what was let through, what was not, and on what evidence."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.errors import ArtifactError


@dataclass(frozen=True, slots=True)
class Records:
    """One JSON object a line in the file at `path`, oldest first; lines are added and never changed."""

    path: Path

    def append(self, record: Mapping[str, Any]) -> None:
        """Add `record`, on disk once this returns; raise `ArtifactError` where it cannot be kept."""
        line = json.dumps(record, allow_nan=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ArtifactError(f"{self.path}: cannot keep the record ({error.strerror})") from error

    def read(self) -> list[dict[str, Any]]:
        """Return all records; raise `ArtifactError` for a line that is none."""
        try:
            lines = self.path.read_text().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ArtifactError(f"{self.path}: {error.strerror}") from error
        return [self._parsed(number, line) for number, line in enumerate(lines, start=1)]

    def _parsed(self, number: int, line: str) -> dict[str, Any]:
        try:
            record = json.loads(line)
        except ValueError as error:
            raise ArtifactError(
                f"{self.path}: line {number} is no record; restore the file from a backup"
            ) from error
        if not isinstance(record, dict):
            raise ArtifactError(f"{self.path}: line {number} is no record; restore the file from a backup")
        return record
