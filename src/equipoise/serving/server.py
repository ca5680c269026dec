"""One process, one port: Granian inside this process serves the application until it is told to stop.

Embedded rather than in a worker process, so that `kill -9` of the server leaves nothing behind, at the
same speed.
"""

import asyncio
import gc
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server as Granian
from threadpoolctl import threadpool_limits

from equipoise.errors import ConfigError
from equipoise.serving.app import App
from equipoise.serving.auth import check_binding
from equipoise.serving.logs import say
from equipoise.serving.opening import opened
from equipoise.serving.settings import Server, Settings
from equipoise.serving.state import State

_GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at `address`; `stop`, from any thread, ends it as Ctrl-C does."""

    address: str
    stop: Callable[[], None]


def serve(settings: Settings, *, ready: Callable[[Running], None]) -> None:
    """Serve until SIGINT or SIGTERM: then accept no more, finish what was begun, and keep what was learned.

    `ready` is called once requests are answered, on the event loop: it must not wait. Raises
    `ConfigError` where the address is taken, or open to others without keys.
    """
    check_binding(settings.server)
    port = free_port(settings.server)
    _tune()
    with _uncollected(), opened(settings) as state, _settled():
        asyncio.run(_serve(state, port, ready))


def free_port(server: Server) -> int:
    """Return the port to listen on (a free one where it is 0); raise `ConfigError` where it is taken."""
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((server.host, server.port))
            return int(probe.getsockname()[1])
    except OSError as error:
        raise ConfigError(
            "server.port",
            f"cannot listen on {server.host}:{server.port} ({error.strerror}); set another port",
        ) from error


def _tune() -> None:
    # Products of small matrices lose to their own thread pool.
    threadpool_limits(1)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector away while what is read is all that stays: it would find nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _settled() -> Iterator[None]:
    """Keep the garbage collector from walking, again and again, what stays for good."""
    gc.collect()
    gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        gc.unfreeze()


async def _serve(state: State, port: int, ready: Callable[[Running], None]) -> None:
    server = state.settings.server
    granian = Granian(
        App(state),
        address=server.host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        log_enabled=False,
    )
    serving = asyncio.create_task(granian.serve())
    stop = partial(_stop, granian, serving)
    _stop_on_signals(stop)
    announced = asyncio.create_task(_announce(server, port, ready, stop))
    await asyncio.wait([serving])
    announced.cancel()
    if not serving.cancelled():
        serving.result()
    say(logging.INFO, "stopped", left_unfinished=serving.cancelled())


def _stop(granian: Granian, serving: "asyncio.Task[None]") -> None:
    """Accept no more; give what has begun its time, but not for ever: a client may never finish."""
    accept_no_more: Callable[[], None] = granian.stop
    accept_no_more()
    asyncio.get_running_loop().call_later(_GRACE_SECONDS, serving.cancel)


def _stop_on_signals(stop: Callable[[], None]) -> None:
    # Only the main thread may hear of signals; a server on another one is stopped by its starter.
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop)


async def _announce(
    server: Server, port: int, ready: Callable[[Running], None], stop: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    while not await _answers(server.host, port):
        await asyncio.sleep(0.01)
    host = f"[{server.host}]" if ":" in server.host else server.host
    address = f"http://{host}:{port}"
    say(logging.INFO, "serving", address=address)
    ready(Running(address, partial(_stop_from_anywhere, loop, stop)))


def _stop_from_anywhere(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop is closed: the server has stopped already
        loop.call_soon_threadsafe(stop)


async def _answers(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
