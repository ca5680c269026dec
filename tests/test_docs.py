"""The documentation fails when it is wrong: its code runs, and it leaves nothing public out."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    return [code for name, code in _BLOCK.findall(page.read_text()) if name == language]


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda p: p.stem)
def test_python_in_the_docs_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__docs__"}
    for code in blocks(page, "python"):
        exec(compile(code, str(page), "exec"), namespace)


def test_every_package_has_a_guide_page() -> None:
    packages = {p.name for p in (ROOT / "src" / "equipoise").iterdir() if (p / "__init__.py").exists()}
    guides = {p.stem for p in (ROOT / "docs" / "guide").glob("*.md")}
    described_elsewhere = {"data": "events", "training": "models", "cli": "index"}
    assert {described_elsewhere.get(name, name) for name in packages} <= guides


def test_pages_are_reachable() -> None:
    listed = "\n".join(p.read_text() for p in PAGES)
    orphans = [p.stem for p in (ROOT / "docs" / "guide").glob("*.md") if p.stem not in listed]
    assert not orphans
