"""`equipoise tune`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from equipoise.cli.console import JsonOption, console, progress_shown, write_json
from equipoise.cli.entries import entry, parsed, spelt
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
from equipoise.cli.standings_table import show
from equipoise.errors import BadInputError
from equipoise.training.tune import Search, Tried, best, finished, study_at

_SHOWN = 5


def command(
    data: DataArgument,
    model: Annotated[
        str, typer.Option(help="One model; a setting that is given, as in ease(decay=0.7), stays as it is.")
    ],
    out: Annotated[Path, typer.Option(help="The study, an SQLite file; a stopped search goes on from it.")],
    trials: Annotated[int, typer.Option(min=1, help="How many settings to try in all.")] = 30,
    metric: Annotated[str, typer.Option(help="What to make high, as ndcg@10.")] = "ndcg@10",
    split: SplitOption = None,
    days: DaysOption = None,
    folds: FoldsOption = 5,
    exclude_seen: SeenOption = None,
    min_weight: MinWeightOption = None,
    questions: QuestionsOption = None,
    columns: MapOption = None,
    seed: Annotated[int, typer.Option(help="The seed of the search and of the model.")] = 7,
    json: JsonOption = None,
) -> None:
    """Search for the best settings of one model on validation data; the test is never looked at.

    Example: `equipoise tune online-retail --model ease --trials 30 --out ease.db`
    """
    name, fixed = parsed(model)
    with progress_shown():
        task = task_of(
            data,
            split=split,
            days=days,
            folds=folds,
            ks=[_length(metric)],
            exclude_seen=exclude_seen,
            min_weight=min_weight,
            questions=questions,
            columns=columns,
            seed=seed,
        )
        search = Search(
            make=lambda settings: entry(name, settings, data=task.data),
            parts=task.rules[0].twin.hold_out(task.parts().past),
            terms=task.terms,
            metric=metric,
            seed=seed,
            fixed=fixed,
        )
        asked = f"{task.split}, days={days}, folds={folds}, min_weight={min_weight}, {task.terms!r}"
        study = study_at(out, f"{model} on {Path(data).name}, {metric}, {asked}", seed=seed)
        for tried in search.run(study, trials):
            console.print(
                f"{tried.value:.4f}  {spelt(name, tried.settings)}", highlight=False, soft_wrap=True
            )
    found = finished(study)
    show(_table(name, metric, found))
    console.print(
        f"best on validation: --models '{spelt(name, best(found).settings)}'", highlight=False, soft_wrap=True
    )
    if json is not None:
        write_json(json, _result(data, task, name, metric, found))


def _length(metric: str) -> int:
    _, _, k = metric.partition("@")
    if not k.isdigit() or int(k) < 1:
        raise BadInputError("--metric", f"{metric!r} is not a metric at a length, as ndcg@10")
    return int(k)


def _table(name: str, metric: str, found: list[Tried]) -> Table:
    table = Table(metric, "settings", "fit s", title=f"{len(found)} settings on validation", box=box.SIMPLE)
    for tried in sorted(found, key=lambda one: -one.value)[:_SHOWN]:
        table.add_row(f"{tried.value:.4f}", spelt(name, tried.settings), f"{tried.fit_seconds:.1f}")
    return table


def _result(data: str, task: Task, name: str, metric: str, found: list[Tried]) -> dict[str, Any]:
    return {
        "data": data,
        "split": {"kind": task.split, "part": "validation"},
        "model": name,
        "metric": metric,
        "best": best(found).row(),
        "trials": [tried.row() for tried in found],
    }
