"""`equipoise train`."""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.cli.entries import entries
from equipoise.cli.processes import joined
from equipoise.data.foreign.log import of_prepared
from equipoise.data.prepare import Prepared, prepare
from equipoise.errors import BadInputError
from equipoise.events.sqlite import SQLiteLog
from equipoise.models.learner import Learner
from equipoise.models.neural.checkpoints import checkpoints_under
from equipoise.serving.settings import Settings
from equipoise.store import ArtifactStore
from equipoise.training.fit import DAYS_HELD_OUT, Judged, fit_all, judge
from equipoise.training.publish import assembled, publish
from equipoise.training.tables import model_table, split_table

MODELS = ("popularity", "item_knn", "ease", "sasrec")


def command(
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "--models",
            help="Our names or module:Class, with settings as sasrec(epochs=20); comma-separated, or said "
            f"several times. Default: {','.join(MODELS)}",
            show_default=False,
        ),
    ] = None,
    days: Annotated[float, typer.Option(help="Days held out to judge the models.")] = DAYS_HELD_OUT,
    seed: Annotated[int, typer.Option(help="Seed of all randomness in training.")] = 7,
    checkpoints: Annotated[
        Path | None,
        typer.Option(help="Where a killed training goes on from; default: the storage folder."),
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Judge models on the last days of the log, fit them on all of it, and publish what is served.

    Example: `equipoise train --model "sasrec(epochs=20)" --model ease --json trained.json`

    Killed, the same command goes on where nets were. They learn on the GPU if there is one, and by several
    processes when started as `torchrun --nproc-per-node 2 -m equipoise train ...`.
    """
    settings = settings_from(config)
    if not days > 0:
        raise BadInputError("--days", f"must be above 0, is {days:g}")
    # Another seed is another training; what an interrupted one left is of no use to it.
    kept = (checkpoints or settings.storage.checkpoints) / f"seed-{seed}"
    with joined() as first, progress_shown():
        prepared = _prepared(settings)
        learners = _learners(models or MODELS, prepared)
        with checkpoints_under(kept):
            judged = judge(prepared.interactions, learners, days=days, seed=seed)
            _show(judged)
            scorers = fit_all(prepared.interactions, learners, seed=seed)
        if not first:
            return
        published = assembled(prepared, judged, scorers)
    store = ArtifactStore(folder=settings.storage.artifacts)
    version = publish(published, judged, store)
    shutil.rmtree(kept, ignore_errors=True)
    console.print(f"published version {version} in {store.folder}; `equipoise serve` uses it")
    if json is not None:
        split = {"kind": "time", **judged.split.describe()}
        result = {"data": str(settings.storage.log), "split": split, "models": judged.rows()}
        write_json(json, result | {"version": version, "weights": judged.weights})


def _learners(models: Sequence[str], prepared: Prepared) -> Mapping[str, Learner]:
    """Return what is to be fitted, by name; by how it was called where two have the same name.

    `content=data` is what the log tells of items.
    """
    chosen = entries(",".join(models), None, of_prepared("log", prepared))
    times = Counter(each.name for each in chosen)
    return {each.name if times[each.name] == 1 else each.label: each.learner for each in chosen}


def _show(judged: Judged) -> None:
    console.print(split_table(judged.split.describe()))
    console.print(model_table(judged.rows()))


def _prepared(settings: Settings) -> Prepared:
    if not settings.storage.log.exists():
        raise BadInputError("storage.folder", f"holds no {settings.storage.log}; `equipoise ingest` makes it")
    with SQLiteLog(settings.storage.log) as log:
        return prepare(log)
