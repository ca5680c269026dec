"""The commands: each is one file here, with a function `command` that is its whole interface."""

import sys

import typer
from rich.markup import escape

from equipoise import __version__
from equipoise.cli import terminal
from equipoise.cli.menu import Menu, enter
from equipoise.errors import EquipoiseError

app = typer.Typer(
    name="equipoise",
    help="An e-commerce recommender system that balances exploration and exploitation.",
    cls=Menu,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
enter(app)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        terminal.console.print(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; an expected error is one line on stderr and exit code 2."""
    try:
        app()
    except EquipoiseError as error:
        terminal.errors.print(f"[bold red]error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(2)
