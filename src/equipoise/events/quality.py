"""What became of the rows of a source: read, kept, repaired, refused and why, and where to look."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from equipoise.errors import BadInputError


class QualityReport(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of rows; `kept` + `held_back` + the sum of `refused` is `read`.

    `repaired` counts rows that were kept after a change, by what was changed. `already_there` counts
    facts among the kept that the log had before. `where` is the file of the refused rows, empty where
    there are none. `at` is when the report was made, microseconds UTC.
    """

    source: str
    read: int
    kept: int
    repaired: dict[str, int] = {}
    refused: dict[str, int] = {}
    held_back: int = 0
    items: int = 0
    already_there: int = 0
    where: str = ""
    at: int = 0

    def __post_init__(self) -> None:
        if self.kept + self.held_back + sum(self.refused.values()) != self.read:
            raise BadInputError("report", f"the rows of {self.source} do not add up: {self}")

    def with_already_there(self, facts: int) -> "QualityReport":
        """Return the report with the number of its facts that the log had before."""
        return msgspec.structs.replace(self, already_there=facts)

    def lines(self) -> Iterator[tuple[str, str, int]]:
        """Yield (what, detail, rows) in the order in which a person reads them."""
        yield "read", "", self.read
        yield "kept", "", self.kept
        for what, rows in self.repaired.items():
            yield "repaired", what, rows
        for reason, rows in sorted(self.refused.items(), key=lambda pair: -pair[1]):
            yield "refused", reason, rows
        yield "held back", "", self.held_back
        yield "items", "", self.items
        yield "already in the log", "", self.already_there

    def save(self, folder: Path) -> Path:
        """Write the report as JSON into `folder`, beside the earlier ones, and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.fromtimestamp(self.at / 1e6, UTC).strftime("%Y%m%dT%H%M%S%f")
        path = folder / f"{stamp}-{Path(self.source).stem}.json"
        scratch = path.with_suffix(".part")
        scratch.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
        scratch.replace(path)
        return path


def load_reports(folder: Path) -> list[QualityReport]:
    """Return the reports saved in `folder`, oldest first."""
    return [_load(path) for path in sorted(folder.glob("*.json"))]


def _load(path: Path) -> QualityReport:
    try:
        return msgspec.json.decode(path.read_bytes(), type=QualityReport)
    except (msgspec.DecodeError, OSError) as error:
        raise BadInputError(
            str(path), f"not a quality report ({error}); move it out of the folder"
        ) from error
