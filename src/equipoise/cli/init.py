"""`equipoise init`."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.console import DEFAULT_FILE, console
from equipoise.errors import BadInputError

TEMPLATE = (files("equipoise.serving") / "equipoise.toml").read_text()


def command(
    path: Annotated[Path, typer.Argument(help="The file to write.")] = DEFAULT_FILE,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:
    """Write a settings file that holds and explains every setting.

    Example: `equipoise init`
    """
    try:
        with path.open("w" if force else "x") as file:
            file.write(TEMPLATE)
    except FileExistsError as error:
        raise BadInputError(str(path), "is there already; --force replaces it") from error
    except OSError as error:
        raise BadInputError(str(path), f"cannot be written: {error.strerror}") from error
    console.print(f"wrote {path}", highlight=False)
