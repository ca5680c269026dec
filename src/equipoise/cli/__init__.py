"""The commands: each is one file here, with a function `command` that is its whole interface."""

import sys

import typer

from equipoise import __version__
from equipoise.cli import (
    demo,
    doctor,
    evaluate,
    export,
    gate,
    ingest,
    init,
    learn,
    ope,
    quality,
    rank,
    recommend,
    rl,
    rollback,
    serve,
    simulate,
    train,
    tune,
)
from equipoise.cli.console import console as terminal
from equipoise.cli.console import errors
from equipoise.errors import EquipoiseError

app = typer.Typer(
    name="equipoise",
    help="An e-commerce recommender system that balances exploration and exploitation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

app.command("demo")(demo.command)
app.command("init")(init.command)
app.command("ingest")(ingest.command)
app.command("quality")(quality.command)
app.command("train")(train.command)
app.command("evaluate")(evaluate.command)
app.command("rank")(rank.command)
app.command("tune")(tune.command)
app.command("simulate")(simulate.command)
app.command("ope")(ope.command)
app.command("learn")(learn.command)
app.command("gate")(gate.command)
app.command("rollback")(rollback.command)
app.command("serve")(serve.command)
app.command("recommend")(recommend.command)
app.command("export")(export.command)
app.add_typer(rl.app, name="rl")
app.command("doctor")(doctor.command)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        terminal.print(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; an expected error is one line on stderr and exit code 2."""
    try:
        app()
    except EquipoiseError as error:
        errors.print(f"[bold red]error:[/] {error}", highlight=False, soft_wrap=True)
        sys.exit(2)
