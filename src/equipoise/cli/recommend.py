"""`equipoise recommend`."""

from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from equipoise.cli.console import ConfigOption, JsonOption, console, settings_from, write_json
from equipoise.errors import BadInputError
from equipoise.serving.ids import new_id
from equipoise.serving.preview import preview
from equipoise.serving.schemas import RecommendationIn


def command(
    user_id: Annotated[str | None, typer.Option(help="For whom.")] = None,
    session_id: Annotated[str | None, typer.Option(help="For which anonymous visit.")] = None,
    item_id: Annotated[str | None, typer.Option(help="What goes with this item.")] = None,
    variant: Annotated[str | None, typer.Option(help="Force a variant of the experiment.")] = None,
    k: Annotated[int | None, typer.Option(help="Positions, 1 to 100.")] = None,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Print a slate from what is published and logged, without a server. It is drawn, not logged.

    Example: `equipoise recommend --user-id 17850 --k 10`
    """
    told = {"user_id": user_id, "session_id": session_id, "item_id": item_id, "k": k}
    asked = {name: value for name, value in told.items() if value is not None}
    if variant is not None:
        asked["context"] = {"variant": variant}
    try:
        wanted = msgspec.convert(asked, RecommendationIn)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        option = where.strip("`").removeprefix("$.").replace("_", "-")
        raise BadInputError(f"--{option}", message) from error
    slate = preview(settings_from(config), wanted)
