"""`equipoise recommend`."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from equipoise.cli.console import ConfigOption, JsonOption, console, settings_from, write_json
from equipoise.errors import BadInputError
from equipoise.events.sqlite import SQLiteLog
from equipoise.serving.ids import new_id
from equipoise.serving.opening import caught_up
from equipoise.serving.problem import Problem
from equipoise.serving.recommendations import draw, shown
from equipoise.serving.schemas import RecommendationIn, RecommendationOut
from equipoise.serving.settings import Settings
from equipoise.serving.state import State


def command(
    user_id: Annotated[str | None, typer.Option(help="For whom.")] = None,
    session_id: Annotated[str | None, typer.Option(help="For which anonymous visit.")] = None,
    item_id: Annotated[str | None, typer.Option(help="What goes with this item.")] = None,
    variant: Annotated[str | None, typer.Option(help="Force a variant of the experiment.")] = None,
    k: Annotated[int | None, typer.Option(help="Positions, 1 to 100.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say what each is shown for.")] = False,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Print a slate from what is published and logged, without a server: drawn, not logged.

    Example: `equipoise recommend --user-id 17850 --k 10 --explain`
    """
    told = {"user_id": user_id, "session_id": session_id, "item_id": item_id, "k": k}
    asked: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    if explain:
        asked["explain"] = True
    if variant is not None:
        asked["context"] = {"variant": variant}
    slate, titles = _drawn(settings_from(config), _wanted(asked))
    console.print(_table(slate, titles, explain=explain))
    if json is not None:
        write_json(json, msgspec.to_builtins(slate))


def _wanted(asked: dict[str, Any]) -> RecommendationIn:
    try:
        return msgspec.convert(asked, RecommendationIn)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        raise BadInputError(_option(where.strip("`").removeprefix("$.")), message) from error


def _drawn(settings: Settings, wanted: RecommendationIn) -> tuple[RecommendationOut, dict[str, str]]:
    if not settings.storage.log.exists():
        raise BadInputError("storage.folder", f"holds no {settings.storage.log}; `equipoise ingest` makes it")
    with SQLiteLog(settings.storage.log) as log:
        state = caught_up(settings, log)
        slate = _decided(state, wanted)
        named = {item_id for choice in slate.items for item_id in (choice.item_id, *choice.because)}
        items = {item_id: state.shelf.find(item_id) for item_id in named}
        return slate, {item_id: item.title for item_id, item in items.items() if item is not None}


def _decided(state: State, wanted: RecommendationIn) -> RecommendationOut:
    try:
        drawn = draw(state, wanted, new_id())
        return shown(drawn.decision, drawn.because)
    except Problem as problem:
        raise BadInputError(_option(problem.field or "recommend"), problem.detail) from problem


def _option(field: str) -> str:
    return "--" + field.rpartition(".")[2].replace("_", "-")


def _table(slate: RecommendationOut, titles: Mapping[str, str], *, explain: bool) -> Table:
    told = f"{slate.policy} version {slate.policy_version}, {slate.reason}"
    why = ("because of",) if explain else ()
    table = Table("position", "item", "title", "score", "propensity", "source", *why, caption=told)
    for choice in slate.items:
        reasons = (", ".join(titles.get(item_id) or item_id for item_id in choice.because),)
        table.add_row(
            str(choice.position),
            choice.item_id,
            titles.get(choice.item_id, ""),
            f"{choice.score:.3f}",
            f"{choice.propensity:.4f}" + (" explored" if choice.explored else ""),
            choice.source,
            *(reasons if explain else ()),
        )
    return table
