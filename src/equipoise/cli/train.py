"""`equipoise train`."""

from typing import Annotated

import typer

from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.data.prepare import Prepared, prepare
from equipoise.errors import BadInputError
from equipoise.events.sqlite import SQLiteLog
from equipoise.models.learner import Learner
from equipoise.models.registry import named
from equipoise.serving.settings import Settings
from equipoise.store import ArtifactStore
from equipoise.training.fit import DAYS_HELD_OUT, fit_all, judge
from equipoise.training.publish import assembled, publish
from equipoise.training.tables import model_table, split_table


def command(
    models: Annotated[
        str, typer.Option(help="Comma-separated: our names, or module:Class.")
    ] = "popularity,item_knn,ease,sasrec",
    days: Annotated[float, typer.Option(help="Days held out to judge the models.")] = DAYS_HELD_OUT,
    seed: Annotated[int, typer.Option(help="Seed of all randomness in training.")] = 7,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Judge models on the last days of the log, fit them on all of it, and publish what is served.

    Example: `equipoise train --json trained.json`
    """
    settings = settings_from(config)
    learners = _learners(models)
    if not days > 0:
        raise BadInputError("--days", f"must be above 0, is {days:g}")
    with progress_shown():
        prepared = _prepared(settings)
        judged = judge(prepared.interactions, learners, days=days, seed=seed)
        console.print(split_table(judged.split))
        console.print(model_table(judged.rows()))
        scorers = fit_all(prepared.interactions, learners, seed=seed)
        published = assembled(prepared, judged, scorers)
    store = ArtifactStore(folder=settings.storage.artifacts)
    version = publish(published, judged, store)
    console.print(f"published version {version} in {store.folder}; `equipoise serve` uses it")
    if json is not None:
        split = {"kind": "time", **judged.split.describe()}
        result = {"data": str(settings.storage.log), "split": split, "models": judged.rows()}
        write_json(json, result | {"version": version, "weights": judged.weights})


def _learners(models: str) -> dict[str, Learner]:
    return {name.strip(): named(name.strip()) for name in models.split(",")}


def _prepared(settings: Settings) -> Prepared:
    if not settings.storage.log.exists():
        raise BadInputError("storage.folder", f"holds no {settings.storage.log}; `equipoise ingest` makes it")
    with SQLiteLog(settings.storage.log) as log:
        return prepare(log)
