"""The guide names every call, status and setting."""

from pathlib import Path

import msgspec
import pytest

from equipoise.serving.routes import ROUTES, Route
from equipoise.serving.settings import Settings

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "serving.md").read_text()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_call_is_in_the_table_with_its_key(route: Route) -> None:
    (row,) = [line for line in GUIDE.splitlines() if line.startswith(f"| `{route.method} {route.path}` |")]
    assert row.endswith(f"| {route.access} |")


def test_every_setting_is_in_the_table() -> None:
    for section, settings in msgspec.to_builtins(Settings()).items():
        (row,) = [line for line in GUIDE.splitlines() if line.startswith(f"| `{section}` |")]
        names = settings["policy"] if section == "variants" else settings
        assert all(f"`{name}`" in row for name in names)
