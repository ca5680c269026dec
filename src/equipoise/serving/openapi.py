"""The OpenAPI 3.1 document, written from the table of routes."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from equipoise import __version__
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.problem import ProblemDetails
from equipoise.serving.routes import Route
from equipoise.serving.state import State

_PARAMETER = re.compile(r"{(\w+)}")
_JSON = "application/json"
_PROBLEM = "application/problem+json"


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the document that describes `routes`."""
    listed = list(routes)
    types = {kind for route in listed for kind in (route.takes, route.gives) if kind is not None}
    ordered = [*sorted(types, key=lambda kind: kind.__name__), ProblemDetails]
    _, schemas = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "equipoise", "version": __version__, "summary": "Slates that explore and learn"},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _SCHEMES},
    }


def document_route(routes: Iterable[Route]) -> Route:
    """Return the route that serves the document."""
    told = json_answer(document(routes))

    async def send(state: State, call: Call) -> Answer:
        return told

    return Route(method="GET", path="/openapi.json", handler=send, access="read", summary="This description")


_SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "password": {"type": "http", "scheme": "basic", "description": "any user name, the key as the password"},
}


def _operation(route: Route) -> dict[str, Any]:
    handler = getattr(route.handler, "__name__", "")
    told: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}_{handler.strip('_')}",
        "summary": route.summary,
        "parameters": [*_in_path(route), *_in_query(route)],
        "responses": {str(route.status): _given(route), "default": _answered(_PROBLEM, _ref(ProblemDetails))},
        "security": [] if route.access == "open" else [{}, {"key": []}, {"password": []}],
    }
    if route.takes is not None:
        told["requestBody"] = {"required": True, "content": {_JSON: {"schema": _taken(route.takes, route)}}}
    return told


def _in_path(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(route.path)
    ]


def _in_query(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": False, "schema": msgspec.json.schema(kind)}
        for name, kind in route.query.items()
    ]


def _taken(kind: type, route: Route) -> dict[str, Any]:
    one = _ref(kind)
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": 1_000}
    return {"oneOf": [one, many]} if route.many else one


def _given(route: Route) -> dict[str, Any]:
    if route.gives is None:
        return _answered("text/plain", {"type": "string"})
    return _answered(_JSON, _ref(route.gives))


def _answered(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    told = "a problem" if media_type == _PROBLEM else "done"
    return {"description": told, "content": {media_type: {"schema": schema}}}


def _ref(kind: type) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
