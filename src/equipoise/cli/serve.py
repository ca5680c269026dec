"""`equipoise serve`."""

from typing import Annotated

import msgspec
import typer

from equipoise.cli.console import ConfigOption, console, settings_from
from equipoise.errors import ConfigError
from equipoise.serving.logs import log_to_stderr
from equipoise.serving.server import serve
from equipoise.serving.settings import Server, Settings


def command(
    config: ConfigOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on, instead of server.host.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port, instead of server.port; 0 picks a free one.")
    ] = None,
) -> None:
    """Serve the HTTP API and the pages, and learn from what shoppers do.

    Example: `equipoise serve --port 9000`

    Ctrl-C ends it: requests that have begun are answered, and what was learned is kept.
    """
    settings = _bound(settings_from(config), host, port)
    log_to_stderr()
    serve(settings, ready=lambda running: console.print(f"serving on {running.address} (Ctrl-C ends)"))


def _bound(settings: Settings, host: str | None, port: int | None) -> Settings:
    told = {"host": host, "port": port}
    tree = msgspec.to_builtins(settings.server) | {
        name: value for name, value in told.items() if value is not None
    }
    try:
        return msgspec.structs.replace(settings, server=msgspec.convert(tree, Server))
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        raise ConfigError(f"--{where.strip('`').removeprefix('$.')}", message) from error
