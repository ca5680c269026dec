"""`equipoise rollback`: back to the policy that served before."""

from typing import Annotated

import typer

from equipoise.cli.beside import chosen_variant
from equipoise.cli.console import ConfigOption, JsonOption, console, settings_from, write_json
from equipoise.cli.gate import opened_record, shop_store
from equipoise.training.passage import Passage
from equipoise.training.records import Records


def command(
    variant: Annotated[
        str | None, typer.Option(help="Whose policy to take back; default: the one with most shoppers.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Let the policy that `equipoise gate` replaced serve again; servers swap without a pause.

    Again and again it goes back further, at last to the policy of the settings. Each is recorded.

    Example: equipoise rollback --reason "fewer orders since noon"
    """
    settings = settings_from(config)
    name = chosen_variant(settings, variant)
    record = opened_record(name, "rolled back")
    taken, earlier, version = Passage(shop_store(settings)).back(name, record)
    restored = settings.variants[name].policy if earlier is None else earlier.name
    why = reason or "asked for"
    record |= {"candidate": restored, "present": taken.name, "why": why, "gain": None, "version": version}
    Records(settings.storage.gate).append(record)
    console.print(
        f"rolled back: {restored} serves {name} instead of {taken.name}", soft_wrap=True, highlight=False
    )
    if json is not None:
        write_json(json, record)
