"""Who may ask and who may tell: API keys, and on an open server this machine alone."""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from equipoise.errors import ConfigError
from equipoise.serving.problem import Problem
from equipoise.serving.settings import Server

Access = Literal["open", "read", "write"]


def is_loopback(host: str) -> bool:
    """Return whether `host` (a name or an address, without port) can only be this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_binding(server: Server) -> None:
    """Raise `ConfigError` where the server would be open to others without keys."""
    if not is_loopback(server.host) and not server.read_keys:
        raise ConfigError(
            "server.host",
            f"{server.host} is reachable from other machines; set server.read_keys and server.write_keys "
            "first, or bind 127.0.0.1",
        )


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets a request in or raises a problem."""

    server: Server

    def admit(self, headers: Headers, access: Access) -> None:
        """Raise a 401 or 403 problem unless the sender may make a call that needs `access`."""
        if access == "open":
            return
        if not self.server.read_keys:
            _only_this_machine(headers)
            return
        self._with_key(headers, access)

    def _with_key(self, headers: Headers, access: Access) -> None:
        key = headers.get("x-api-key")
        if key is None:
            key = _password(headers.get("authorization", ""))
            _same_site(headers)
        read, write = self.server.read_keys, self.server.write_keys
        if key is None or not _is_one_of(key, (*read, *write)):
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "a valid API key is needed; send it as X-API-Key (a browser: any name, the key as password)",
                headers={"WWW-Authenticate": 'Basic realm="equipoise", charset="UTF-8"'},
            )
        if not _is_one_of(key, read if access == "read" else write):
            raise Problem(HTTPStatus.FORBIDDEN, f"this key may not {access}; use one of server.{access}_keys")


def _is_one_of(key: str, keys: tuple[str, ...]) -> bool:
    # Digests have one length, and every key is compared: time tells nothing of any key.
    told = sha256(key.encode(errors="surrogateescape")).digest()
    return sum(compare_digest(told, sha256(each.encode()).digest()) for each in keys) > 0


def _password(authorization: str) -> str | None:
    scheme, _, told = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, colon, password = base64.b64decode(told, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return password if colon else None


def _same_site(headers: Headers) -> None:
    # A browser adds a remembered password to what any site makes it send; only our own pages may.
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        raise _foreign("Origin", origin)


def _only_this_machine(headers: Headers) -> None:
    # A page of another site can reach a server on this machine, by its address or by a name of its
    # own that points here; both show in these headers.
    if not is_loopback(_host(f"//{headers.get('host', '')}")):
        raise _foreign("Host", headers.get("host", ""))
    origin = headers.get("origin")
    if origin is not None and not is_loopback(_host(origin)):
        raise _foreign("Origin", origin)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _foreign(header: str, value: str) -> Problem:
    return Problem(
        HTTPStatus.FORBIDDEN,
        f"{header} {value[:80]!r} is another site's; call the server by its own address, or with an API key",
        field=header.lower(),
    )
