"""Classes by name: those of a package by their snake_case file name, anybody's as `module:Class`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from typing import Any

from equipoise.errors import BadInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class ByName:
    """The `exported` classes of a kind that is called `what`; errors name `field`."""

    exported: Mapping[str, type]
    what: str
    field: str

    @classmethod
    def of(cls, classes: Iterable[type], *, protocol: type, what: str, field: str) -> "ByName":
        """Return those of `classes` that can be fitted, but for the `protocol` itself."""
        kinds = (kind for kind in classes if hasattr(kind, "fit") and kind is not protocol)
        exported = {kind.__module__.rpartition(".")[2]: kind for kind in kinds}
        return cls(exported=exported, what=what, field=field)

    def names(self) -> list[str]:
        """Return the names of the exported classes, in order."""
        return sorted(self.exported)

    def made(self, name: str, settings: Mapping[str, Any]) -> Any:
        """Return the one called `name` with `settings`, the others at their defaults.

        Raises `BadInputError` where there is none, or where a setting is refused.
        """
        kind = self._imported(name) if ":" in name else self.exported.get(name)
        if kind is None:
            known = ", ".join(self.names())
            raise BadInputError(
                self.field, f"no {self.what} is called {name!r}; choose from {known} or module:Class"
            )
        self._check(name, kind, settings)
        try:
            return kind(**settings)
        except TypeError as error:
            given = "with these settings" if settings else "without arguments"
            raise BadInputError(self.field, f"{name}: cannot be made {given} ({error})") from error

    def _check(self, name: str, kind: type, settings: Mapping[str, Any]) -> None:
        known = [field.name for field in fields(kind) if field.init] if is_dataclass(kind) else list(settings)
        unknown = [setting for setting in settings if setting not in known]
        if unknown:
            there = f"it has {', '.join(known)}" if known else "it has none"
            raise BadInputError(self.field, f"{name}: has no hyperparameter {unknown[0]!r}; {there}")

    def _imported(self, name: str) -> type:
        module, _, attribute = name.partition(":")
        try:
            kind = getattr(import_module(module), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            raise BadInputError(self.field, f"{name}: cannot be imported ({error})") from error
        if not callable(kind):
            raise BadInputError(self.field, f"{name}: is not a class")
        found: type = kind
        return found
