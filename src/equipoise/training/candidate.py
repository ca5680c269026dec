"""Policies that may be judged from a log, by name, by class, or from the folder of an artifact."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from equipoise.artifact import load_artifact, read_manifest
from equipoise.balance.registry import named
from equipoise.errors import ArtifactError, BadInputError
from equipoise.policies.policy import Policy
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A policy with the `name` that decisions will have of it.

    Where it was learned from a log, that was up to the fact numbered `learned_until`: what came before
    would flatter it. On a table, that was the oldest `rounds_learned`. `features_version` says what the
    features mean that it reads, where that is known.
    """

    name: str
    policy: Policy
    learned_until: int | None = None
    rounds_learned: int = 0
    features_version: str | None = None


def candidate(
    name: str,
    *,
    n_features: int = 1,
    prior_mean: Floats | None = None,
    trust: Sequence[str] = (),
    items: Sequence[str] | None = None,
) -> Candidate:
    """Return the policy called `name`, of a `module:Class`, or of the artifact in the folder `name`.

    An artifact may come from the packages in `trust`. Where `items` are given, in the order of their codes,
    one that was learned on others is refused.
    """
    if (Path(name) / "manifest.json").is_file():
        return _of_folder(Path(name), trust, items)
    if Path(name).is_dir():
        raise BadInputError("candidate", f"the folder {name} holds no artifact; `equipoise learn` writes one")
    return Candidate(name=name, policy=named(name).start(n_features, prior_mean))


def later(*policies: int | None) -> int | None:
    """Return the last of the facts that policies were learned from, None where none was."""
    return max((told for told in policies if told is not None), default=None)


def items_mark(items: Sequence[str]) -> str:
    """Return what tells a list of items from others."""
    return sha256("\x1f".join(items).encode()).hexdigest()


def _of_folder(folder: Path, trust: Sequence[str], items: Sequence[str] | None) -> Candidate:
    about = read_manifest(folder)["about"]
    policy = load_artifact(object, folder, trust=trust)
    if not isinstance(policy, Policy):
        raise ArtifactError(f"{folder}: holds a {type(policy).__name__}, which is no policy")
    known = int(about.get("n_items", 0))
    if items is not None and known and items_mark(items[:known]) != about.get("items"):
        raise BadInputError(
            "candidate", f"{folder} was learned on a log with other items; learn it again from this one"
        )
    until, version = about.get("learned_until"), about.get("features_version")
    return Candidate(
        name=folder.resolve().name,
        policy=policy,
        learned_until=None if until is None else int(until),
        rounds_learned=int(about.get("rounds_learned", 0)),
        features_version=None if version is None else str(version),
    )
