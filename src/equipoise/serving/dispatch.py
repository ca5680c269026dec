"""From a method and a path to a route: exact paths by one look-up, the others by pattern."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import quote, unquote

from starlette.routing import compile_path

from equipoise.serving.call import Scope
from equipoise.serving.problem import Problem
from equipoise.serving.routes import Route

Found = tuple[Route, Mapping[str, str]]


class Dispatch:
    """Finds routes. Paths are matched as sent, so that an id may hold an encoded slash."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[str, dict[str, Route]] = {}
        self._patterns: dict[str, tuple[re.Pattern[str], dict[str, Route]]] = {}
        for route in routes:
            self._methods(route.path)[route.method] = route

    def find(self, scope: Scope) -> Found:
        """Return the route and its path parameters; raise a 404 or 405 problem where there is none."""
        path = _path(scope)
        methods, parameters = self._match(path)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        if method not in methods:
            allowed = ", ".join(sorted({*methods, *(("HEAD",) if "GET" in methods else ())}))
            raise Problem(
                HTTPStatus.METHOD_NOT_ALLOWED,
                f"{path[:80]} does not take {scope['method'][:20]}; it takes {allowed}",
                headers={"Allow": allowed},
            )
        return methods[method], parameters

    def _match(self, path: str) -> tuple[Mapping[str, Route], Mapping[str, str]]:
        exact = self._exact.get(path)
        if exact is not None:
            return exact, {}
        for pattern, methods in self._patterns.values():
            match = pattern.match(path)
            if match is not None:
                return methods, {name: unquote(part) for name, part in match.groupdict().items()}
        raise Problem(
            HTTPStatus.NOT_FOUND, f"there is nothing at {path[:80]}; /openapi.json lists what there is"
        )

    def _methods(self, path: str) -> dict[str, Route]:
        if "{" not in path:
            return self._exact.setdefault(path, {})
        return self._patterns.setdefault(path, (compile_path(path)[0], {}))[1]


def _path(scope: Scope) -> str:
    raw = scope.get("raw_path")
    return raw.decode("latin-1").partition("?")[0] if raw else quote(scope["path"])
