"""Rankers by name: ours by their snake_case file name, anybody's as `module:Class`."""

from collections.abc import Mapping
from typing import Any

from equipoise.errors import BadInputError
from equipoise.models import rankers
from equipoise.models.by_name import ByName
from equipoise.models.rankers.ranker import RankerLearner


def names() -> list[str]:
    """Return the names of the rankers that equipoise exports, in order."""
    return _known().names()


def configured(name: str, settings: Mapping[str, Any]) -> RankerLearner:
    """Return the ranker called `name` with the hyperparameters `settings`, the others at their defaults.

    Other rankers in the settings are named: `learner="dcn_v2"`, `learners="dcn_v2+lightgbm"`. Raises
    `BadInputError` where there is none, where it is no ranker, or where a setting is refused.
    """
    learner = _known().made(name, {key: _named(key, value) for key, value in settings.items()})
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


def _known() -> ByName:
    exported = (getattr(rankers, name) for name in rankers.__all__)
    return ByName.of(exported, protocol=RankerLearner, what="ranker", field="--models")
