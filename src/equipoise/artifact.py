"""Artifacts are data: a JSON manifest beside one safetensors file, never pickle.

Any frozen dataclass whose fields are arrays, sparse matrices, plain JSON values, or again such
dataclasses can be saved: its fields are its state. Loading imports only modules of equipoise and of
the packages named in `trust`.
"""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save
from scipy import sparse

from equipoise import __version__
from equipoise.errors import ArtifactError, BadInputError

FORMAT = 1
_MANIFEST = "manifest.json"
_ARRAYS = "arrays.safetensors"
T = TypeVar("T")
_Arrays = dict[str, np.ndarray[Any, Any]]


def save_artifact(thing: object, directory: Path, *, about: Mapping[str, Any] | None = None) -> None:
    """Write `thing` into `directory` so that a reader sees the old files or the new, never a mixture.

    `about` is kept in the manifest (the span of the data, figures, …) and must be JSON values.
    """
    arrays: _Arrays = {}
    tree = _pack(thing, "", arrays)
    payload = save(arrays)
    manifest = {
        "format": FORMAT,
        "equipoise": __version__,
        "sha256": sha256(payload).hexdigest(),
        "about": dict(about or {}),
        "tree": tree,
    }
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}.") as scratch:
        fresh = Path(scratch) / "new"
        fresh.mkdir()
        _write(fresh / _ARRAYS, payload)
        _write(fresh / _MANIFEST, json.dumps(manifest, indent=1).encode())
        if directory.exists():
            directory.rename(Path(scratch) / "old")
        fresh.rename(directory)


def load_artifact(kind: type[T], directory: Path, *, trust: Sequence[str] = ()) -> T:
    """Return the `kind` saved in `directory`; raise `ArtifactError` if it cannot be trusted to be one."""
    manifest = read_manifest(directory)
    payload = _read(directory / _ARRAYS)
    if sha256(payload).hexdigest() != manifest["sha256"]:
        raise ArtifactError(f"{directory}: the arrays do not match their checksum; train and save it again")
    try:
        thing = _unpack(manifest["tree"], load(payload), ("equipoise", *trust))
    except (SafetensorError, KeyError, TypeError, AttributeError, ImportError, BadInputError) as error:
        raise ArtifactError(f"{directory}: cannot be read ({error}); train and save it again") from error
    if not isinstance(thing, kind):
        raise ArtifactError(f"{directory}: holds a {type(thing).__name__}, not a {kind.__name__}")
    return thing


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of the artifact in `directory`, checked to be of this format."""
    try:
        manifest = json.loads(_read(directory / _MANIFEST))
    except ValueError as error:
        raise ArtifactError(f"{directory}: the manifest is not JSON; train and save it again") from error
    if not isinstance(manifest, dict) or not {"format", "sha256", "tree", "about"} <= manifest.keys():
        raise ArtifactError(f"{directory}: not an equipoise artifact")
    if manifest["format"] != FORMAT:
        raise ArtifactError(f"{directory}: format {manifest['format']}, this version reads {FORMAT}")
    return manifest


def _pack(value: Any, path: str, arrays: _Arrays) -> Any:
    if isinstance(value, np.ndarray):
        arrays[path] = np.ascontiguousarray(value)
        return {"array": path}
    if sparse.issparse(value):
        csr = sparse.csr_matrix(value)
        parts = {"data": csr.data, "indices": csr.indices, "indptr": csr.indptr}
        packed = {name: _pack(part, f"{path}.{name}", arrays) for name, part in parts.items()}
        return {"csr": packed, "shape": list(csr.shape)}
    if is_dataclass(value) and not isinstance(value, type):
        kind = f"{type(value).__module__}:{type(value).__qualname__}"
        state = {
            f.name: _pack(getattr(value, f.name), f"{path}.{f.name}", arrays) for f in fields(value) if f.init
        }
        return {"kind": kind, "state": state}
    if isinstance(value, list | tuple):
        return {"tuple": [_pack(part, f"{path}.{place}", arrays) for place, part in enumerate(value)]}
    if isinstance(value, dict):
        return {"dict": {name: _pack(part, f"{path}.{name}", arrays) for name, part in value.items()}}
    return {"value": value.item() if isinstance(value, np.generic) else value}


def _unpack(node: Any, arrays: _Arrays, trust: tuple[str, ...]) -> Any:
    if "array" in node:
        return arrays[node["array"]]
    if "csr" in node:
        parts = {name: _unpack(part, arrays, trust) for name, part in node["csr"].items()}
        return sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=node["shape"])
    if "kind" in node:
        state = {name: _unpack(part, arrays, trust) for name, part in node["state"].items()}
        return _find(node["kind"], trust)(**state)
    if "tuple" in node:
        return tuple(_unpack(part, arrays, trust) for part in node["tuple"])
    if "dict" in node:
        return {name: _unpack(part, arrays, trust) for name, part in node["dict"].items()}
    return node["value"]


def _find(kind: str, trust: tuple[str, ...]) -> Any:
    module, _, name = kind.partition(":")
    if module.partition(".")[0] not in trust:
        raise ArtifactError(f"{kind}: comes from a package that is not trusted; pass trust=('package',)")
    found = getattr(import_module(module), name)
    if not is_dataclass(found):
        raise ArtifactError(f"{kind}: is not a dataclass, so it cannot have been saved as an artifact")
    return found


def _write(path: Path, payload: bytes) -> None:
    with path.open("wb") as file:
        file.write(payload)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path}: {error.strerror}; train first, or name another folder") from error
