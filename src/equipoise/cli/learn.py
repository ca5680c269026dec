"""`equipoise learn`: a policy from a log alone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from equipoise.artifact import save_artifact
from equipoise.cli.beside import Beside, chosen_variant
from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.cli.ingest import mapping
from equipoise.cli.ope import existing
from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.prediction import RidgeRewards, predicted
from equipoise.evaluation.offpolicy.registry import picked
from equipoise.evaluation.offpolicy.sources.decisions import DecisionLog
from equipoise.evaluation.offpolicy.sources.rounds import opened
from equipoise.evaluation.offpolicy.sources.tables import is_decision_log, item_ids
from equipoise.policies.policy import LearningPolicy
from equipoise.serving.settings import Settings
from equipoise.training.candidate import items_mark
from equipoise.training.offpolicy import DR, IPS, SNIPS, Choices, Objective, PolicyGradient
from equipoise.training.offpolicy.guesses import guessed
from equipoise.training.offpolicy.replay import replayed

OBJECTIVES: Mapping[str, Callable[..., Objective]] = {"ips": IPS, "dr": DR, "snips": SNIPS}


def command(
    log: Annotated[
        Path, typer.Option(help="The log.db, its folder, an exported folder, an open-bandit folder, a table.")
    ],
    out: Annotated[Path, typer.Option(help="The folder to write the policy to; its name is the policy's.")],
    objective: Annotated[str, typer.Option(help=f"One of {', '.join(OBJECTIVES)}.")] = "snips",
    policy: Annotated[
        str | None,
        typer.Option(help="Instead, a policy by name that learns as it would while serving, as `balanced`."),
    ] = None,
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
    if out.exists() and not (out / "manifest.json").is_file():
        raise BadInputError("--out", f"{out} exists and holds no policy; name a new folder")
    if policy is not None:
        with progress_shown():
            one, about = _replayed(existing(log), policy, settings_from(config), variant, share)
        _write(one, out, about, json)
        told = f"learned from {about['impressions']:,} impressions of {about['variant']}; wrote {out}"
        console.print(told, soft_wrap=True, highlight=False)
        return
    made = picked(objective, OBJECTIVES, "--objective")[objective.strip()]
    learner = PolicyGradient(objective=made(penalty=penalty, clip=clip), reg=reg)
    path = existing(log)
    with progress_shown():
        if is_decision_log(path):
            stretch = DecisionLog(path=path, rewards=settings_from(config).learning.rewards, variant=variant)
            choices, about = _decisions(stretch, share, newest)
            choices = guessed(choices, seed=seed) if made is DR else choices
        else:
            choices, about = _actions(path, mapping(columns or []), share, newest, guesses=made is DR)
        learned = learner.fit(choices)
    about |= {"log": str(log), "objective": repr(learner.objective), "reg": reg, "decisions": len(choices)}
    about |= {"imitated": learned.imitated, "reached": learned.reached}
    _write(learned.policy, out, about, json)
    console.print(
        f"learned from {len(choices):,} decisions: the objective went from {learned.imitated:.4g} a slate "
        f"(imitating the log) to {learned.reached:.4g}; wrote {out}",
        soft_wrap=True,
        highlight=False,
    )


def _write(policy: object, out: Path, about: Mapping[str, Any], json: Path | None) -> None:
    save_artifact(policy, out, about=about)
    if json is not None:
        write_json(json, {"policy": str(out), **about})


def _replayed(
    path: Path, name: str, settings: Settings, variant: str | None, share: float
) -> tuple[LearningPolicy, dict[str, Any]]:
    """Return the policy called `name` after the oldest `share` of the decisions of a variant."""
    shop, variant = Beside.of(path, settings), chosen_variant(settings, variant)
    if not path.is_file():
        raise BadInputError("--log", f"{path} must be a log's own file for a policy to learn from it by name")
    policy = shop.policy(name).policy
    if not isinstance(policy, LearningPolicy):
        raise BadInputError("--policy", f"{name} does not learn; it can be judged as it is")
    until, items = _until(DecisionLog(path=path, variant=variant), share), item_ids(path)
    learned, impressions = replayed(
        path,
        policy,
        items,
        variant=variant,
        until=until,
        rewards=settings.learning.rewards,
        impressions=settings.learning.impressions,
        features_version=shop.features_version,
    )
    about = {"learned_until": until, "n_items": len(items), "items": items_mark(items)}
    about |= {"variant": variant, "impressions": impressions, "learned_as": name}
    return learned, about | {"features_version": shop.features_version}


def _until(log: DecisionLog, share: float) -> int:
    """Return the number of the last of the oldest `share` of the decisions."""
    numbers = log.numbers()
    if len(numbers) == 0:
        raise BadInputError("--log", f"{log.path} holds no decision to learn from")
    return int(numbers[max(int(share * len(numbers)), 1) - 1])


def _decisions(stretch: DecisionLog, share: float, newest: int) -> tuple[Choices, dict[str, Any]]:
    """Return the oldest `share` of the decisions, and what the gate has to know of them."""
    until = _until(stretch, share)
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
    names = {"n_items": len(source.names), "items": items_mark(source.names)}
    return Choices.of_actions(modelled).last(newest), {"rounds_learned": len(older), **names}
