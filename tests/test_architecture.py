"""The layers of docs/conventions.md, proved: imports point down only, and siblings stay apart."""

import ast
from collections.abc import Iterator
from pathlib import Path

import equipoise

SOURCE = Path(equipoise.__file__).parent
FLOOR = {"__init__", "types", "errors", "random", "artifact", "store", "progress", "kernels"}
LAYERS: list[set[str]] = [
    FLOOR,
    {"events"},
    {"data"},
    {"models"},
    {"policies"},
    {"balance"},
    {"recommenders"},
    {"evaluation", "simulation"},
    {"training", "privacy"},
    {"serving"},
    {"demo"},
    {"cli"},
    {"__main__"},
]
HEIGHT = {package: height for height, layer in enumerate(LAYERS) for package in layer}
APART = {
    "policies": {"models"},
    "balance": {"models"},
    "serving": {"training", "evaluation", "simulation", "privacy"},
}


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).with_suffix("").parts[0], path


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = [node.module or ""]
            if node.module == "equipoise":
                names = [f"equipoise.{alias.name}" for alias in node.names if alias.name != "__version__"]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("equipoise."))


def test_every_package_has_a_layer() -> None:
    assert {package for package, _ in _modules()} <= HEIGHT.keys()


def test_imports_point_down_only() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)} imports {target}"
        for package, path in _modules()
        for target in _imports(path)
        if target != package and HEIGHT[target] >= HEIGHT[package] and package not in FLOOR
    ]
    assert not wrong


def test_the_floor_imports_only_the_floor() -> None:
    floor = [path for package, path in _modules() if package in FLOOR]
    assert all(target in FLOOR for path in floor for target in _imports(path))


def test_packages_that_must_not_know_each_other() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)} imports {target}"
        for package, path in _modules()
        for target in _imports(path)
        if target in APART.get(package, set())
    ]
    assert not wrong


def test_no_package_is_a_drawer_for_odds_and_ends() -> None:
    forbidden = {"utils", "common", "helpers", "core"}
    assert not {path for path in SOURCE.rglob("*") if path.stem in forbidden}


def test_no_pickle() -> None:
    assert not [path for _, path in _modules() if "import pickle" in path.read_text()]
