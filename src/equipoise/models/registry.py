"""Learners by name: ours by their snake_case file name, anybody's as `module:Class`."""

from collections.abc import Mapping
from typing import Any

from equipoise import models
from equipoise.errors import BadInputError
from equipoise.models.by_name import ByName
from equipoise.models.learner import Learner


def names() -> list[str]:
    """Return the names of the learners that equipoise exports, in order."""
    return _known().names()


def named(name: str) -> Learner:
    """Return the learner called `name` with its default hyperparameters.

    Raises `BadInputError` where there is none, or where `module:Class` is not a learner.
    """
    return configured(name, {})


def configured(name: str, settings: Mapping[str, Any]) -> Learner:
    """Return the learner called `name` with the hyperparameters `settings`, the others at their defaults.

    Raises `BadInputError` where there is none, where it is not a learner, or where a setting is refused.
    """
    learner = _known().made(name, settings)
    if not isinstance(learner, Learner):
        raise BadInputError("model", f"{name}: has no fit(data, *, rng), so it is not a learner")
    return learner


def _known() -> ByName:
    exported = (getattr(models, name) for name in models.__all__)
    return ByName.of(exported, protocol=Learner, what="model", field="model")
