"""`equipoise doctor`."""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from equipoise import __version__
from equipoise.cli.console import ConfigOption, JsonOption, console, settings_from, write_json
from equipoise.errors import EquipoiseError
from equipoise.events.sqlite import SQLiteLog
from equipoise.recommenders.published import Published
from equipoise.serving.auth import check_binding
from equipoise.serving.opening import PUBLISHED
from equipoise.serving.server import free_port
from equipoise.serving.settings import Settings
from equipoise.store import ArtifactStore

_PACKAGES = ("numpy", "scipy", "msgspec", "pyarrow", "granian", "starlette", "ibis-framework")
_EXTRAS = {"deep": "torch"}
_SYNCS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: fine or not, and what to know or do."""

    check: str
    fine: bool
    told: str


def command(config: ConfigOption = None, json: JsonOption = None) -> None:
    """Check that this machine, the log, the artifacts and the port are fit to serve.

    Example: `equipoise doctor`

    Exits with 1 where something is not.
    """
    findings = examine(settings_from(config))
    for finding in findings:
        mark = "[green]ok  [/]" if finding.fine else "[bold red]FAIL[/]"
        console.print(f"{mark} {finding.check:<10} {finding.told}", highlight=False, soft_wrap=True)
    fine = all(finding.fine for finding in findings)
    if json is not None:
        write_json(json, {"fine": fine, "findings": [asdict(finding) for finding in findings]})
    if not fine:
        raise typer.Exit(1)


def examine(settings: Settings) -> list[Finding]:
    """Return what every check found."""
    checks: dict[str, Callable[[Settings], str]] = {
        "versions": _versions,
        "extras": _extras,
        "disk": _disk,
        "log": _log,
        "artifacts": _artifacts,
        "address": _address,
    }
    return [_found(name, check, settings) for name, check in checks.items()]


def _found(name: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(name, True, check(settings))
    except (EquipoiseError, OSError) as error:
        return Finding(name, False, str(error))


def _versions(settings: Settings) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"equipoise {__version__}, Python {platform.python_version()} on {sys.platform}, {packages}"


def _extras(settings: Settings) -> str:
    return ", ".join(f"{extra}: {_installed(package)}" for extra, package in _EXTRAS.items())


def _installed(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} is not installed"


def _disk(settings: Settings) -> str:
    wanted = Path(settings.storage.folder).absolute()
    folder = next(path for path in (wanted, *wanted.parents) if path.exists())
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        seconds = list(_syncs(file.fileno()))
    return f"{folder} takes {statistics.median(seconds) * 1e3:.2f} ms to make a write durable"


def _syncs(descriptor: int) -> Iterator[float]:
    for _ in range(_SYNCS):
        started = time.perf_counter()
        os.write(descriptor, b"x" * 4096)
        os.fsync(descriptor)
        yield time.perf_counter() - started


def _log(settings: Settings) -> str:
    path = settings.storage.log
    if not path.exists():
        return f"no {path} yet; `equipoise ingest` or `equipoise serve` makes it"
    with SQLiteLog(path) as log:
        counts = log.counts()
    return f"{path} holds " + ", ".join(f"{count:,} {table}" for table, count in counts.items())


def _artifacts(settings: Settings) -> str:
    store = ArtifactStore(folder=settings.storage.artifacts)
    current = store.current(PUBLISHED)
    if current is None:
        return "no recommender is published yet; `equipoise train` does it"
    items = len(store.load(PUBLISHED, Published).vocabulary)
    return f"recommender {current} of {items:,} items can be loaded"


def _address(settings: Settings) -> str:
    check_binding(settings.server)
    return f"{settings.server.host}:{free_port(settings.server)} is free"
