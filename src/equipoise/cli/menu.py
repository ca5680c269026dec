"""The commands by name, with what each does; the module of one is imported when it is run, and no other.

Models, PyTorch and the server take seconds to import: whoever asks for help, or for a command that needs
none of them, does not wait for them.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

SUMMARIES: Mapping[str, str] = {
    "demo": "Ingest a real year of orders, train, serve a shop, and let shoppers visit while it learns.",
    "init": "Write a settings file that holds and explains every setting.",
    "ingest": "Read events from FILE into the log, and say what became of every row.",
    "quality": "Show the data-quality report of every ingest into this log.",
    "train": "Judge models on the last days of the log, fit them on all of it, and publish what is served.",
    "evaluate": "Fit models on one part of the data and measure them, by full ranking, on what was held out.",
    "rank": "Fit rankers on earlier impressions and judge the probabilities they give to later ones.",
    "tune": "Search for the best settings of one model on validation data; the test is never looked at.",
    "simulate": "Compare policies in one environment: reward, regret against the best slate, explored share.",
    "ope": "Say what policies would have earned, how sure that is, and whether the log can tell at all.",
    "learn": "Learn a policy from what another one logged, without a shopper.",
    "gate": "Publish CANDIDATE if the shop's own log is sure that it earns more than the present policy.",
    "rollback": "Let the policy that `equipoise gate` replaced serve again; servers swap without a pause.",
    "serve": "Serve the HTTP API and the pages, and learn from what shoppers do.",
    "recommend": "Print a slate from what is published and logged, without a server: drawn, not logged.",
    "export": "Write events, items and decisions as Parquet files by day; a server may go on writing.",
    "rl": "Long-term values: tables of Q, and values from the log.",
    "doctor": "Check that this machine, the log, the artifacts and the port are fit to serve.",
}
"""The first paragraph of the docstring of each command, in the order of the help."""


class Menu(TyperGroup):
    """Lists commands by their summaries, and imports the one that is asked for."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name, the command and its arguments, as the group of Typer does."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else loaded(name), rest


def enter(app: typer.Typer) -> None:
    """Put every command on the menu of `app`, whose group is a `Menu`."""
    for name, summary in SUMMARIES.items():
        app.command(name, help=summary)(_listed)


def loaded(name: str) -> Any:
    """Import the command `name`, or the group of commands of that name, and return it as Typer runs it."""
    module = import_module(f"equipoise.cli.{name}")
    return get_command(module.app if hasattr(module, "app") else _alone(module.command))


def _alone(command: Callable[..., None]) -> typer.Typer:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown")
    app.command()(command)
    return app


def _listed() -> None:
    """Stand on the menu for a command that is not imported yet."""
