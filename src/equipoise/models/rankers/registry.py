"""Rankers by name: ours by their snake_case file name, anybody's as `module:Class`."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

from equipoise.errors import BadInputError
from equipoise.models import rankers
from equipoise.models.rankers.ranker import RankerLearner


def names() -> list[str]:
    """Return the names of the rankers that equipoise exports, in order."""
    return sorted(_ours())


def configured(name: str, settings: Mapping[str, Any]) -> RankerLearner:
    """Return the ranker called `name` with the hyperparameters `settings`, the others at their defaults.

    Other rankers in the settings are named: `learner="dcn_v2"`, `learners="dcn_v2+lightgbm"`. Raises
    `BadInputError` where there is none, where it is no ranker, or where a setting is refused.
    """
    kind = _theirs(name) if ":" in name else _ours().get(name)
    if kind is None:
        raise BadInputError("--models", f"no ranker is called {name!r}; choose from {', '.join(names())}")
    _check(name, kind, settings)
    try:
        learner = kind(**{key: _named(key, value) for key, value in settings.items()})
    except TypeError as error:
        raise BadInputError("--models", f"{name}: cannot be made with these settings ({error})") from error
    if not isinstance(learner, RankerLearner):
        raise BadInputError("--models", f"{name}: has no fit(rows, *, rng), so it is no ranker")
    return learner


def _named(key: str, value: Any) -> Any:
    """Return the rankers that a setting names, or the setting."""
    if key == "learner" and isinstance(value, str):
        return configured(value, {})
    if key == "learners" and isinstance(value, str):
        return {one: configured(one, {}) for one in value.split("+")}
    return value


def _check(name: str, kind: type, settings: Mapping[str, Any]) -> None:
    known = [field.name for field in fields(kind) if field.init] if is_dataclass(kind) else list(settings)
    unknown = [setting for setting in settings if setting not in known]
    if unknown:
        there = f"it has {', '.join(known)}" if known else "it has none"
        raise BadInputError("--models", f"{name}: has no hyperparameter {unknown[0]!r}; {there}")


def _ours() -> dict[str, type]:
    exported = [getattr(rankers, name) for name in rankers.__all__]
    return {
        kind.__module__.rpartition(".")[2]: kind
        for kind in exported
        if hasattr(kind, "fit") and kind is not RankerLearner
    }


def _theirs(name: str) -> type:
    module, _, attribute = name.partition(":")
    try:
        kind = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadInputError("--models", f"{name}: cannot be imported ({error})") from error
    if not callable(kind):
        raise BadInputError("--models", f"{name}: is not a class")
    found: type = kind
    return found
