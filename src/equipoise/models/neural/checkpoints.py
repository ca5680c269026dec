"""Training that was killed goes on where it was: the state after each epoch, on disk.

with checkpoints_in(Path("runs/beauty")):
    scorer = GatedSASRec().fit(data, rng=rng)      # run it again after a kill: the same bits come out
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.interactions import Interactions
from equipoise.errors import ArtifactError, BadInputError
from equipoise.models.neural.tree import leaves
from equipoise.models.neural.weights import Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a training is of: a checkpoint of another is refused."""

    n_items: int
    data: str
    learner: str

    @classmethod
    def of(cls, learner: Any, data: Interactions, last: Any) -> "Origin":
        """Return the origin of fitting `learner` on `data` from `last`."""
        told = sha256()
        for array in leaves(last):
            told.update(np.ascontiguousarray(array).tobytes())
        for column in (data.users, data.items, data.times, data.weights, data.kinds):
            told.update(b"" if column is None else np.ascontiguousarray(column).tobytes())
        settings = {each.name: getattr(learner, each.name) for each in fields(learner)}
        return cls(
            n_items=data.n_items, data=told.hexdigest(), learner=f"{type(learner).__name__} {settings}"
        )

    def key(self) -> str:
        """Return a name for a folder that no other training has."""
        return sha256(repr((self.n_items, self.data, self.learner)).encode()).hexdigest()[:20]

    def check(self, other: "Origin", path: Path) -> None:
        """Raise `BadInputError` where `other`, found at `path`, is not the same."""
        if other.n_items != self.n_items:
            what = f"another catalogue ({other.n_items} items, this one has {self.n_items})"
        elif other.data != self.data:
            what = "other data"
        elif other.learner != self.learner:
            what = f"other settings ({other.learner})"
        else:
            return
        raise BadInputError("checkpoint", f"{path} is of {what}; name another folder or remove it")


_place: ContextVar[Callable[[Origin], Path | None]] = ContextVar("checkpoints", default=lambda origin: None)


@contextmanager
def checkpoints_in(folder: Path) -> Iterator[None]:
    """Keep the state of the training inside in `folder`, and go on from what is there.

    One training a folder: `fit` raises `BadInputError` for a checkpoint of another catalogue, of other data
    or of other settings.
    """
    with _placed(lambda origin: folder):
        yield


@contextmanager
def checkpoints_under(folder: Path) -> Iterator[None]:
    """Keep the state of every training inside in a folder of its own in `folder`, and go on from there.

    What was trained on other data or with other settings is another training: nothing is refused.
    """
    with _placed(lambda origin: folder / origin.key()):
        yield


@contextmanager
def _placed(place: Callable[[Origin], Path | None]) -> Iterator[None]:
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state after `epoch`: weights, their average, the best so far, and what the optimiser remembers.

    `numpy_state` and `torch_state` are those of the streams of randomness.
    """

    origin: Origin
    epoch: int
    step: int
    since: int
    figure: float
    weights: Weights
    average: Weights
    best: Weights
    first_moments: Weights
    second_moments: Weights
    numpy_state: dict[str, Any]
    torch_state: Any


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps the newest checkpoint of one training in `folder`; nothing where it is None."""

    folder: Path | None
    origin: Origin

    @classmethod
    def of(cls, learner: Any, data: Interactions, last: Any = None) -> "Keeper":
        """Return the keeper for the folder named by `checkpoints_in` or `checkpoints_under`.

        `last` is where training begins.
        """
        origin = Origin.of(learner, data, last)
        return cls(_place.get()(origin), origin)

    def newest(self) -> Checkpoint | None:
        """Return the newest checkpoint that can be read, if there is one."""
        for path in reversed(self._paths()):
            try:
                found = load_artifact(Checkpoint, path)
            except ArtifactError:
                continue
            self.origin.check(found.origin, path)
            return found
        return None

    def keep(self, checkpoint: Checkpoint) -> None:
        """Write `checkpoint`, and only then remove the one before."""
        if self.folder is None:
            return
        older = self._paths()
        save_artifact(checkpoint, self.folder / f"epoch-{checkpoint.epoch:05d}")
        for path in older:
            shutil.rmtree(path)

    def told(self) -> str:
        """Return where the last good state is, for an error."""
        kept = self._paths()
        return f"; the last good checkpoint is {kept[-1]}" if kept else ""

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("epoch-*")) if self.folder is not None else []
