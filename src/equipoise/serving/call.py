"""What a handler takes and gives: a call that has been let in, and its answer."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec
from starlette.datastructures import Headers, QueryParams

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request whose route is found, whose sender may make it and whose body is read whole."""

    headers: Headers = field(default_factory=Headers)
    path: Mapping[str, str] = field(default_factory=dict)
    query_string: bytes = b""
    body: bytes = b""

    @property
    def query(self) -> QueryParams:
        """The query parameters."""
        return QueryParams(self.query_string)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One response."""

    body: bytes
    status: int = 200
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    async def send(self, send: Send, *, bodiless: bool = False) -> None:
        """Write it out; a HEAD request gets no body."""
        headers = [
            (b"content-type", self.media_type.encode()),
            (b"content-length", str(len(self.body)).encode()),
            (b"x-content-type-options", b"nosniff"),
            *((name.encode(), value.encode("latin-1")) for name, value in self.headers.items()),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if bodiless else self.body})


def json_answer(told: object, *, status: int = 200) -> Answer:
    """Return `told` (a Struct, or JSON values) as a JSON response."""
    return Answer(body=msgspec.json.encode(told), status=status)
