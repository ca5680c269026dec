"""The thread that writes: whatever has been submitted meanwhile shares the next transaction."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from equipoise.errors import LogError
from equipoise.events.facts import Fact
from equipoise.events.log import Receipt
from equipoise.events.transaction import Numbered, Transactions

Listener = Callable[[list[Numbered]], None]
_ENOUGH = 5_000
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Submission:
    """Facts that wait to be written, and the promise that was given for them."""

    facts: Sequence[Fact]
    promise: "Future[Receipt]" = field(default_factory=Future)


class Writer:
    """Group commit: one writer, one transaction and one fsync for all that is waiting.

    The promises of a transaction are kept only after its commit; a failure breaks them with `LogError`
    and leaves the file as it was.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._transactions = Transactions(connection)
        self._waiting: SimpleQueue[Submission | None] = SimpleQueue()
        self._listeners: tuple[Listener, ...] = ()
        self._door = Lock()
        self._closed = False
        self._thread = Thread(target=self._run, name=f"log-writer {path.name}", daemon=True)
        self._thread.start()

    def submit(self, facts: Sequence[Fact]) -> "Future[Receipt]":
        """Hand over `facts`; costs the caller microseconds."""
        submission = Submission(facts)
        # A caller that stops waiting must not be able to cancel what is about to be written.
        submission.promise.set_running_or_notify_cancel()
        with self._door:
            if self._closed:
                raise LogError(f"{self._path}: the log is closed; open it again to append")
            self._waiting.put(submission)
        return submission.promise

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the new facts of each commit, before its promises are kept."""
        with self._door:
            self._listeners = (*self._listeners, listener)

    def close(self) -> None:
        """Write what was submitted, end the thread and close the connection."""
        with self._door:
            if self._closed:
                return
            self._closed = True
            self._waiting.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            group, ended = self._gather(first)
            self._write(group)
            if ended:
                return

    def _gather(self, first: Submission) -> tuple[list[Submission], bool]:
        group, size = [first], len(first.facts)
        while size < _ENOUGH:
            try:
                submission = self._waiting.get_nowait()
            except Empty:
                return group, False
            if submission is None:
                return group, True
            group.append(submission)
            size += len(submission.facts)
        return group, False

    def _write(self, group: list[Submission]) -> None:
        try:
            receipts, new = self._transactions.write([submission.facts for submission in group])
        except sqlite3.OperationalError as error:
            self._refuse(group, f"{error}; nothing was written, free some space or check the disk")
        except Exception as error:
            self._isolate(group, error)
        else:
            self._tell(new)
            for submission, receipt in zip(group, receipts, strict=True):
                submission.promise.set_result(receipt)

    def _isolate(self, group: list[Submission], error: Exception) -> None:
        """Keep one submission that cannot be written from taking its neighbours down."""
        if len(group) == 1:
            return self._refuse(group, f"a fact cannot be stored ({type(error).__name__}: {error})")
        for submission in group:
            self._write([submission])
        return None

    def _refuse(self, group: list[Submission], reason: str) -> None:
        for submission in group:
            submission.promise.set_exception(LogError(f"{self._path}: {reason}"))

    def _tell(self, new: list[Numbered]) -> None:
        for listener in self._listeners if new else ():
            try:
                listener(new)
            except Exception:
                _logger.exception("a listener of the log failed; the facts are durable all the same")
