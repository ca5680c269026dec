"""Log lines: one JSON object a line, so that people and machines can search them."""

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from equipoise.serving.schemas import Rejected

log = logging.getLogger("equipoise.serving")


class JsonLines(logging.Formatter):
    """A record as {"time", "level", "event", …}."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; line breaks in what was told are escaped."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info is not None:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def say(level: int, event: str, **told: object) -> None:
    """Log `event` with what is `told` of it."""
    log.log(level, event, extra={"told": told})


def say_refused(what: str, refused: Sequence[Rejected]) -> None:
    """Log that some of a batch were refused, with the first reason; say nothing where none were."""
    if refused:
        first = refused[0]
        say(logging.WARNING, f"refused {what}", count=len(refused), field=first.field, reason=first.reason)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Write the server's log lines from `level` on to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log.handlers[:] = [handler]
    log.setLevel(level)
    log.propagate = False
