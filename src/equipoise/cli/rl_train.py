"""`equipoise rl train`: long-term values from the decision log, published for the server."""

from typing import Annotated

import typer

from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.errors import BadInputError
from equipoise.events.sqlite import SQLiteLog
from equipoise.models.reinforcement.registry import VALUE_LEARNERS
from equipoise.recommenders.long_term import LONG_TERM
from equipoise.store import ArtifactStore
from equipoise.training.long_term import DISCOUNT, from_log, learnt_from


def command(
    learner: Annotated[str, typer.Option(help=f"One of {', '.join(VALUE_LEARNERS)}.")] = "slate_q",
    updates: Annotated[int, typer.Option(min=1, help="Steps of gradient descent.")] = 3_000,
    discount: Annotated[float, typer.Option(help="What the next slate counts, in [0, 1).")] = DISCOUNT,
    patience_days: Annotated[
        float, typer.Option(help="Who was shown nothing for so long has left for good.")
    ] = 30.0,
    half_life_days: Annotated[
        float, typer.Option(help="An event of so long ago counts half in a shopper's state.")
    ] = 7.0,
    newest: Annotated[int, typer.Option(min=1, help="So many of the newest decisions count.")] = 50_000,
    seed: Annotated[int, typer.Option(help="Of the groups of items and of training.")] = 7,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Learn from the log what follows from a slate, and publish it; a running server takes it up.

    It counts in the variants of the settings that have `long_term` above 0. If training goes wrong, what was
    published before stands.

    Example: equipoise rl train --learner slate_q --json long-term.json
    """
    settings = settings_from(config)
    if not settings.storage.log.exists():
        raise BadInputError("storage.folder", f"holds no {settings.storage.log}")
    with progress_shown(), SQLiteLog(settings.storage.log) as log:
        found = learnt_from(
            log,
            from_log(learner, discount=discount),
            rewards=settings.learning.rewards,
            updates=updates,
            patience_days=patience_days,
            half_life=half_life_days,
            newest=newest,
            seed=seed,
        )
    store = ArtifactStore(folder=settings.storage.artifacts)
    about = {"learner": learner, "steps": found.steps, "learned_until": found.learned_until}
    version = store.publish(found, LONG_TERM, about)
    console.print(f"learnt from {found.steps:,} slates; published version {version} in {store.folder}")
    if json is not None:
        write_json(json, {"data": str(settings.storage.log), **about, "version": version})
