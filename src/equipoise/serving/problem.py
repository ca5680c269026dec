"""Errors over HTTP: problem details (RFC 9457), each saying what is wrong and how to mend it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from equipoise.serving.call import Answer


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong: `detail` says it and how to mend it, `field` names the culprit where there is one."""

    type: str = msgspec.field(default="about:blank")
    title: str
    status: int
    detail: str
    field: str | None = None


class Problem(Exception):
    """A request that cannot be answered as asked; `more` are further members of the body."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.field = status, detail, field
        self.headers, self.more = dict(headers or {}), dict(more or {})

    def answer(self) -> Answer:
        """Return it as a response."""
        details = ProblemDetails(
            title=self.status.phrase, status=self.status.value, detail=self.detail, field=self.field
        )
        body = {"type": details.type} | msgspec.to_builtins(details) | self.more
        return Answer(
            body=msgspec.json.encode(body),
            status=self.status.value,
            media_type="application/problem+json",
            headers=self.headers,
        )


def bad_request(field: str, reason: str) -> Problem:
    """Return the problem of a `field` that cannot be used."""
    return Problem(HTTPStatus.BAD_REQUEST, reason, field=field)
