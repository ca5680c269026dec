"""Where published artifacts are kept: numbered versions of each name, and which one is current.

    artifacts/
      shop/
        000001/  000002/  …      whole artifacts, never changed once written
        current                  the number of the version to use

Training publishes, serving reads; a reader always finds a whole version.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from equipoise.artifact import load_artifact, read_manifest, save_artifact
from equipoise.errors import ArtifactError, BadInputError

T = TypeVar("T")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_VERSION = re.compile(r"\d{6,}")
_POINTER = "current"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactStore:
    """Published artifacts under `folder`; the newest `keep` versions of each name are kept.

    `trust` names the packages beside equipoise whose classes may be loaded.
    """

    folder: Path
    keep: int = 5
    trust: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise BadInputError("keep", f"must be at least 1, is {self.keep}")

    def publish(self, thing: object, name: str, about: Mapping[str, Any] | None = None) -> int:
        """Write `thing` as a new version of `name`, make it current, and return its number.

        `about` is kept in the manifest and must be JSON values. Raises `ArtifactError` where the
        folder cannot be written; the version that was current then stays so.
        """
        try:
            version = self._reserve(name)
            save_artifact(thing, self._path(name, version), about=about)
            self._point(name, version)
        except OSError as error:
            raise ArtifactError(f"{self.folder}: cannot publish {name} ({error.strerror})") from error
        self._prune(name, version)
        return version

    def current(self, name: str) -> int | None:
        """Return the number of the current version of `name`, None where nothing is published."""
        try:
            text = (self._home(name) / _POINTER).read_text()
        except FileNotFoundError:
            return None
        if not _VERSION.fullmatch(text.strip()):
            raise ArtifactError(f"{self._home(name) / _POINTER}: not a version number; publish again")
        return int(text)

    def load(self, name: str, kind: type[T], *, version: int | None = None) -> T:
        """Return the current `name`, or the named `version` of it, checked to be a `kind`."""
        return load_artifact(kind, self._find(name, version), trust=self.trust)

    def about(self, name: str, *, version: int | None = None) -> dict[str, Any]:
        """Return what was said about `name` when it was published."""
        return dict(read_manifest(self._find(name, version))["about"])

    def versions(self, name: str) -> list[int]:
        """Return the numbers of the versions of `name` that are kept, oldest first."""
        return sorted(version for version in self._numbered(name) if any(self._path(name, version).iterdir()))

    def _find(self, name: str, version: int | None) -> Path:
        chosen = self.current(name) if version is None else version
        if chosen is None:
            raise ArtifactError(f"{self.folder}: no {name} is published; run `equipoise train` first")
        return self._path(name, chosen)

    def _home(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BadInputError("name", f"{name!r} must be lower-case letters, digits, - and _")
        return self.folder / name

    def _path(self, name: str, version: int) -> Path:
        return self._home(name) / f"{version:06d}"

    def _numbered(self, name: str) -> list[int]:
        home = self._home(name)
        return (
            [int(path.name) for path in home.iterdir() if _VERSION.fullmatch(path.name)]
            if home.exists()
            else []
        )

    def _reserve(self, name: str) -> int:
        # Making the folder is what claims the number, so two publishers never share one.
        self._home(name).mkdir(parents=True, exist_ok=True)
        while True:
            version = max(self._numbered(name), default=0) + 1
            with contextlib.suppress(FileExistsError):
                self._path(name, version).mkdir()
                return version

    def _point(self, name: str, version: int) -> None:
        handle, scratch = tempfile.mkstemp(dir=self._home(name), prefix=f".{_POINTER}.")
        with os.fdopen(handle, "w") as file:
            file.write(f"{version:06d}\n")
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(self._home(name) / _POINTER)

    def _prune(self, name: str, newest: int) -> None:
        for version in sorted(v for v in self._numbered(name) if v < newest)[: -self.keep + 1 or None]:
            if version != self.current(name):
                shutil.rmtree(self._path(name, version), ignore_errors=True)
