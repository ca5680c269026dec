"""`equipoise evaluate`."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from equipoise.cli.console import JsonOption, progress_shown, write_json
from equipoise.cli.entries import entries
from equipoise.cli.held_out import (
    DataArgument,
    DaysOption,
    FoldsOption,
    MapOption,
    MinWeightOption,
    QuestionsOption,
    SeenOption,
    SplitOption,
    Task,
    task_of,
)
from equipoise.cli.plot import plot_standings
from equipoise.cli.standings_table import BEYOND, lead, show, standings_table, task_table, tests_table
from equipoise.data.splits.parts import Parts
from equipoise.errors import BadInputError
from equipoise.evaluation.ranking import About, Comparison
from equipoise.training.contest import Entry, Outcome, contest
from equipoise.training.standings import against_the_best, standings


def command(
    data: DataArgument,
    models: Annotated[
        str | None,
        typer.Option(help="Comma-separated: our names or module:Class, with settings as ease(reg=100)."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="A TOML file with [[model]] tables: name, settings.")
    ] = None,
    split: SplitOption = None,
    days: DaysOption = None,
    folds: FoldsOption = 5,
    k: Annotated[str, typer.Option(help="Comma-separated lengths of the lists to judge.")] = "10,20",
    exclude_seen: SeenOption = None,
    min_weight: MinWeightOption = None,
    questions: QuestionsOption = None,
    columns: MapOption = None,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 7,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, one after another.")] = 1,
    json: JsonOption = None,
    plot: Annotated[Path | None, typer.Option(help="Also draw the metrics into this .png or .svg.")] = None,
) -> None:
    """Fit models on one part of the data and measure them, by full ranking, on what was held out.

    Example: `equipoise evaluate online-retail --models "popularity,ease(reg=500)" --k 10,20 --json out.json`
    """
    ks = lengths(k)
    with progress_shown():
        task = task_of(
            data,
            split=split,
            days=days,
            folds=folds,
            ks=ks,
            exclude_seen=exclude_seen,
            min_weight=min_weight,
            questions=questions,
            columns=columns,
            seed=seed,
        )
        chosen = entries(models if models or config else "popularity,item_knn,ease", config, task.data)
        outcomes = _outcomes(task, chosen, range(seed, seed + seeds))
    places = standings(outcomes, lead(ks[0]))
    tests = against_the_best(places, lead(ks[0]))
    show(task_table(task))
    for length in ks:
        show(standings_table(places, length, seeds=seeds))
    show(standings_table(places, ks[0], BEYOND, seeds=seeds))
    if tests:
        show(tests_table(tests))
    if plot is not None:
        plot_standings(plot, outcomes, ks[0])
    if json is not None:
        write_json(json, _result(data, task, outcomes, tests))


def lengths(k: str) -> list[int]:
    """Return the lengths of lists written as `10,20`."""
    try:
        ks = [int(part) for part in k.split(",")]
    except ValueError as error:
        raise BadInputError("--k", f"{k!r} is not a list of whole numbers, as in 10,20") from error
    if min(ks) < 1:
        raise BadInputError("--k", "each must be at least 1")
    return list(dict.fromkeys(ks))


def _outcomes(task: Task, chosen: Sequence[Entry], seeds: Sequence[int]) -> list[Outcome]:
    return [
        outcome
        for fold, rule in enumerate(task.rules)
        for outcome in _fold(task, rule.hold_out(task.data.interactions), fold, chosen, seeds)
    ]


def _fold(
    task: Task, parts: Parts, fold: int, chosen: Sequence[Entry], seeds: Sequence[int]
) -> Iterator[Outcome]:
    """Yield the outcomes of one fold; likeness of items is by what they say of themselves, if they do."""
    content = task.data.content
    about = About.of(parts.train, content=None if content is None else content.matrix)
    return contest(parts, chosen, task.terms, seeds=seeds, fold=fold, about=about)


def _result(
    data: str, task: Task, outcomes: Sequence[Outcome], tests: Sequence[Comparison]
) -> dict[str, Any]:
    return {
        "data": data,
        "split": task.told(),
        "models": [outcome.row() for outcome in outcomes],
        "comparisons": [asdict(test) for test in tests],
    }
