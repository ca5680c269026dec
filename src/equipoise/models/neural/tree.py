"""Nested records of arrays: changed all at once, or listed."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")


def mapped(tree: T, change: Callable[[Any], Any]) -> T:
    """Return `tree` (dataclasses and tuples of arrays) with `change` made to each array."""
    changed: T = _mapped(tree, change)
    return changed


def leaves(tree: Any) -> list[Any]:
    """Return the arrays of `tree`, in the order of its fields."""
    found: list[Any] = []

    def keep(array: Any) -> Any:
        found.append(array)
        return array

    _mapped(tree, keep)
    return found


def _mapped(tree: Any, change: Callable[[Any], Any]) -> Any:
    if is_dataclass(tree) and not isinstance(tree, type):
        return replace(
            tree, **{each.name: _mapped(getattr(tree, each.name), change) for each in fields(tree)}
        )
    if type(tree) is tuple:
        return tuple(_mapped(part, change) for part in tree)
    return change(tree) if hasattr(tree, "dtype") else tree
