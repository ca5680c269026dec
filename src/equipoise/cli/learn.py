"""`equipoise learn`: a policy from a log alone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from equipoise.artifact import save_artifact
from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.cli.ingest import mapping
from equipoise.cli.ope import existing
from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.prediction import RidgeRewards, predicted
from equipoise.evaluation.offpolicy.registry import picked
from equipoise.evaluation.offpolicy.sources.decisions import is_decision_log
from equipoise.evaluation.offpolicy.sources.rounds import opened
from equipoise.evaluation.offpolicy.sources.stretch import Stretch, item_ids
from equipoise.training.candidate import items_mark
from equipoise.training.offpolicy import DR, IPS, SNIPS, Choices, Objective, PolicyGradient
from equipoise.training.offpolicy.guesses import guessed

OBJECTIVES: Mapping[str, Callable[..., Objective]] = {"ips": IPS, "dr": DR, "snips": SNIPS}


def command(
    log: Annotated[
        Path, typer.Option(help="The log.db, its folder, an exported folder, an open-bandit folder, a table.")
    ],
    out: Annotated[Path, typer.Option(help="The folder to write the policy to; its name is the policy's.")],
    objective: Annotated[str, typer.Option(help=f"One of {', '.join(OBJECTIVES)}.")] = "snips",
    share: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="Learn from this share of the log, the oldest.")
    ] = 0.5,
    newest: Annotated[int, typer.Option(min=2, help="And of that from at most so many decisions.")] = 100_000,
    penalty: Annotated[
        float,
        typer.Option(min=0.0, help="Standard errors taken off, to stay where the log is sure."),
    ] = 1.0,
    clip: Annotated[float, typer.Option(min=1.0, help="No choice counts more often than this.")] = 10.0,
    reg: Annotated[float, typer.Option(min=1e-9, help="Price of squared weights.")] = 1e-3,
    variant: Annotated[str | None, typer.Option(help="Only decisions of this variant.")] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="Our column = theirs, as reward=click, for tables; may repeat."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the folds of the reward model (dr).")] = 7,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Learn a policy from what another one logged, without a shopper.

    The rest of the log is left to judge it by: `equipoise gate` looks at nothing that it was learned from.

    Example: equipoise learn --log equipoise-data --objective dr --out learned
    """
    made = picked(objective, OBJECTIVES, "--objective")[objective.strip()]
    if out.exists() and not (out / "manifest.json").is_file():
        raise BadInputError("--out", f"{out} exists and holds no policy; name a new folder")
    learner = PolicyGradient(objective=made(penalty=penalty, clip=clip), reg=reg)
    path = existing(log)
    with progress_shown():
        if is_decision_log(path):
            stretch = Stretch(path=path, rewards=settings_from(config).learning.rewards, variant=variant)
            choices, about = _decisions(stretch, share, newest)
            choices = guessed(choices, seed=seed) if made is DR else choices
        else:
            choices, about = _actions(path, mapping(columns or []), share, newest, guesses=made is DR)
        learned = learner.fit(choices)
    about |= {"log": str(log), "objective": repr(learner.objective), "reg": reg, "decisions": len(choices)}
    about |= {"imitated": learned.imitated, "reached": learned.reached}
    save_artifact(learned.policy, out, about=about)
    console.print(
        f"learned from {len(choices):,} decisions: the objective went from {learned.imitated:.4g} a slate "
        f"(imitating the log) to {learned.reached:.4g}; wrote {out}",
        soft_wrap=True,
        highlight=False,
    )
    if json is not None:
        write_json(json, {"policy": str(out), **about})


def _decisions(stretch: Stretch, share: float, newest: int) -> tuple[Choices, dict[str, Any]]:
    """Return the oldest `share` of the decisions, and what the gate has to know of them."""
    numbers = stretch.numbers()
    if len(numbers) == 0:
        raise BadInputError("--log", f"{stretch.path} holds no decision to learn from")
    until = int(numbers[max(int(share * len(numbers)), 1) - 1])
    choices = Choices.of_decisions(replace(stretch, until=until).pieces(), newest=newest)
    ids = item_ids(stretch.path)[: choices.n_items]
    return choices, {"learned_until": until, "n_items": len(ids), "items": items_mark(ids)}


def _actions(
    path: Path, columns: Mapping[str, str], share: float, newest: int, *, guesses: bool
) -> tuple[Choices, dict[str, Any]]:
    source = opened(path, columns)
    log = source.accepted.log
    older = log.rows(slice(0, max(int(share * len(log)), 2)))  # type: ignore[arg-type]
    modelled = predicted(older, RidgeRewards()) if guesses else older
    return Choices.of_actions(modelled).last(newest), {"rounds_learned": len(older)}
