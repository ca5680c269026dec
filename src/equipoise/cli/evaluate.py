"""`equipoise evaluate`."""

from typing import Annotated, Any

import typer

from equipoise.cli.console import JsonOption, console, progress_shown, write_json
from equipoise.cli.sources import log_of
from equipoise.data.prepare import Prepared, prepare
from equipoise.data.split import Split, days_before_end, split_by_time
from equipoise.errors import BadInputError
from equipoise.models.learner import Learner
from equipoise.models.registry import named, names
from equipoise.training.compare import evaluate_models
from equipoise.training.tables import model_table, split_table


def command(
    data: Annotated[
        str, typer.Argument(help="A log or its folder, a .csv, .jsonl or .parquet file, or online-retail.")
    ],
    models: Annotated[
        str, typer.Option(help="Comma-separated: our names, or module:Class.")
    ] = "popularity,item_knn,ease,sasrec",
    split: Annotated[str, typer.Option(help="How to hold data out: `time`, the last days of it.")] = "time",
    days: Annotated[float, typer.Option(help="How many of the last days to hold out.")] = 28.0,
    k: Annotated[str, typer.Option(help="Comma-separated lengths of the lists to judge.")] = "10,20",
    seed: Annotated[int, typer.Option(help="The first seed.")] = 7,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, one after another.")] = 1,
    json: JsonOption = None,
) -> None:
    """Fit models on the past and measure them, by full ranking, on the last days.

    Example: `equipoise evaluate online-retail --models popularity,ease --k 10,20 --json out.json`
    """
    learners, ks = _learners(models), _lengths(k)
    if split != "time":
        raise BadInputError("--split", f"{split!r} is not known; use time")
    with progress_shown():
        prepared = _prepared(data)
        parts = _split(prepared, days)
        rows = [
            each.row()
            for nth in range(seed, seed + seeds)
            for each in evaluate_models(parts, learners, ks=ks, seed=nth)
        ]
    console.print(split_table(parts))
    console.print(model_table(rows, ks[0]))
    if json is not None:
        write_json(json, _result(data, parts, rows))


def _prepared(data: str) -> Prepared:
    with log_of(data) as log:
        return prepare(log)


def _split(prepared: Prepared, days: float) -> Split:
    if not days > 0:
        raise BadInputError("--days", f"must be above 0, is {days:g}")
    return split_by_time(prepared.interactions, days_before_end(prepared.interactions, days))


def _result(data: str, split: Split, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": data, "split": {"kind": "time", **split.describe()}, "models": rows}


def _learners(models: str) -> dict[str, Learner]:
    chosen = [name.strip() for name in models.split(",") if name.strip()]
    if not chosen:
        raise BadInputError("--models", f"name at least one of {', '.join(names())}")
    return {name: named(name) for name in chosen}


def _lengths(k: str) -> list[int]:
    try:
        ks = [int(part) for part in k.split(",")]
    except ValueError as error:
        raise BadInputError("--k", f"{k!r} is not a list of whole numbers, as in 10,20") from error
    if min(ks) < 1:
        raise BadInputError("--k", "each must be at least 1")
    return ks
