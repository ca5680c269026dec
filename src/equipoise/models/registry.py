"""Learners by name: ours by their snake_case file name, anybody's as `module:Class`."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

from equipoise import models
from equipoise.errors import BadInputError
from equipoise.models.learner import Learner


def names() -> list[str]:
    """Return the names of the learners that equipoise exports, in order."""
    return sorted(_ours())


def named(name: str) -> Learner:
    """Return the learner called `name` with its default hyperparameters.

    Raises `BadInputError` where there is none, or where `module:Class` is not a learner.
    """
    return configured(name, {})


def configured(name: str, settings: Mapping[str, Any]) -> Learner:
    """Return the learner called `name` with the hyperparameters `settings`, the others at their defaults.

    Raises `BadInputError` where there is none, where it is not a learner, or where a setting is refused.
    """
    kind = _theirs(name) if ":" in name else _ours().get(name)
    if kind is None:
        raise BadInputError(
            "model", f"no model is called {name!r}; choose from {', '.join(names())} or module:Class"
        )
    _check(name, kind, settings)
    try:
        learner = kind(**settings)
    except TypeError as error:
        given = "with these settings" if settings else "without arguments"
        raise BadInputError("model", f"{name}: cannot be made {given} ({error})") from error
    if not isinstance(learner, Learner):
        raise BadInputError("model", f"{name}: has no fit(data, *, rng), so it is not a learner")
    return learner


def _check(name: str, kind: type, settings: Mapping[str, Any]) -> None:
    known = [field.name for field in fields(kind) if field.init] if is_dataclass(kind) else list(settings)
    unknown = [setting for setting in settings if setting not in known]
    if unknown:
        there = f"it has {', '.join(known)}" if known else "it has none"
        raise BadInputError("model", f"{name}: has no hyperparameter {unknown[0]!r}; {there}")


def _ours() -> dict[str, type]:
    exported = [getattr(models, name) for name in models.__all__]
    return {kind.__module__.rpartition(".")[2]: kind for kind in exported if _is_learner(kind)}


def _is_learner(kind: type) -> bool:
    return hasattr(kind, "fit") and kind is not Learner


def _theirs(name: str) -> type:
    module, _, attribute = name.partition(":")
    try:
        kind = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadInputError("model", f"{name}: cannot be imported ({error})") from error
    if not callable(kind):
        raise BadInputError("model", f"{name}: is not a class")
    found: type = kind
    return found
