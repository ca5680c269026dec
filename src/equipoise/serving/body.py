"""The body of a request, read whole and never beyond its limit."""

import asyncio
from http import HTTPStatus

from starlette.datastructures import Headers

from equipoise.serving.call import Receive
from equipoise.serving.problem import Problem


async def read_body(headers: Headers, receive: Receive, limit: int, *, seconds: float = 30.0) -> bytes:
    """Return the body; raise a 413 problem as soon as it is known to exceed `limit` bytes.

    Raises a 408 problem where it is not whole within `seconds`.
    """
    told = headers.get("content-length", "")
    if told.isdigit() and int(told[:20]) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(seconds):
            return await _whole(receive, limit)
    except TimeoutError as error:
        raise Problem(
            HTTPStatus.REQUEST_TIMEOUT, f"the body was not whole after {seconds:g} seconds; send it at once"
        ) from error


async def _whole(receive: Receive, limit: int) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem(HTTPStatus.BAD_REQUEST, "the connection closed before the body was whole")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise _too_large(limit)
    return body


def check_json(headers: Headers) -> None:
    """Raise a 415 problem unless the body is said to be JSON.

    A page of another site can only send other types without being asked first, so this also keeps
    such pages from writing in the name of a logged-in person.
    """
    told = headers.get("content-type", "").partition(";")[0].strip().lower()
    if told != "application/json":
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"the body is said to be {told[:60] or 'of no type'}; send Content-Type: application/json",
            field="content-type",
        )


def _too_large(limit: int) -> Problem:
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"the body exceeds {limit:,} bytes; send fewer at a time, or raise server.max_body_bytes",
    )
