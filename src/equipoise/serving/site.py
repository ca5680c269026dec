"""The pages: files of this package, read once and sent as they are."""

import mimetypes
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files

from equipoise.serving.call import Answer, Call
from equipoise.serving.routes import Route
from equipoise.serving.state import State

PAGES = {"/": "shop.html", "/dashboard": "dashboard.html", "/docs": "docs.html"}
"""The address of each page; every other file is at /static/ and its name."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def site_routes() -> list[Route]:
    """Return a route for every page and every file they use."""
    folder = files("equipoise.serving") / "pages"
    contents = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    named = {name: path for path, name in PAGES.items()}
    return [
        Route(
            method="GET",
            path=named.get(name, f"/static/{name}"),
            handler=_Sender(_answer(name, content)),
            access="read",
            summary=name,
        )
        for name, content in contents.items()
    ]


class _Sender:
    """A handler that always gives the same answer, or says that the browser has it already."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __call__(self, state: State, call: Call) -> Answer:
        tag = self._answer.headers["ETag"]
        if call.headers.get("if-none-match") == tag:
            return replace(self._answer, body=b"", status=304)
        return self._answer


def _answer(name: str, content: bytes) -> Answer:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    text = guessed.startswith("text/") or guessed.endswith(("javascript", "svg+xml"))
    headers = {
        "Content-Security-Policy": _POLICY,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
        "ETag": f'"{sha256(content).hexdigest()[:16]}"',
    }
    return Answer(body=content, media_type=f"{guessed}; charset=utf-8" if text else guessed, headers=headers)
