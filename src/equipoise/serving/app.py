"""The ASGI application: finds the route, lets the sender in, reads the body, answers, and counts."""

import logging
import time
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers

from equipoise.serving.auth import Guard
from equipoise.serving.body import check_json, read_body
from equipoise.serving.call import Answer, Call, Receive, Scope, Send
from equipoise.serving.dispatch import Dispatch
from equipoise.serving.logs import log, say
from equipoise.serving.openapi import document_route
from equipoise.serving.problem import Problem
from equipoise.serving.routes import ROUTES, Route
from equipoise.serving.site import site_routes
from equipoise.serving.state import State


class App:
    """One server's application."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._guard = Guard(state.settings.server)
        self._dispatch = Dispatch((*ROUTES, document_route(ROUTES), *site_routes()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; every failure is a problem and a log line."""
        started = time.perf_counter()
        name, answer = await self._answer(scope, receive)
        await answer.send(send, bodiless=scope["method"] == "HEAD")
        self._state.metrics.observe(name, answer.status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[str, Answer]:
        name = "none"
        try:
            route, path = self._dispatch.find(scope)
            name = route.path
            return name, await route.handler(self._state, await self._call(route, path, scope, receive))
        except Problem as problem:
            say(logging.WARNING, "refused", **_where(scope), status=problem.status, detail=problem.detail)
            return name, problem.answer()
        except Exception:
            log.exception("failed", extra={"told": _where(scope)})
            return name, _BROKEN.answer()

    async def _call(self, route: Route, path: Mapping[str, str], scope: Scope, receive: Receive) -> Call:
        headers = Headers(scope=scope)
        self._guard.admit(headers, route.access)
        body = b""
        if route.takes is not None:
            check_json(headers)
            body = await read_body(headers, receive, self._state.settings.server.max_body_bytes)
        return Call(headers=headers, path=path, query_string=scope["query_string"], body=body)


_BROKEN = Problem(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "the server failed on this request and logged why; nothing was acknowledged",
)


def _where(scope: Scope) -> dict[str, object]:
    return {"method": scope["method"], "path": scope["path"]}
