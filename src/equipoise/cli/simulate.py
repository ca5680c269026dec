"""`equipoise simulate`: policies against shoppers whose taste is known, or against a replayed log."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from equipoise.balance.registry import named
from equipoise.cli.console import JsonOption, console, progress_shown, write_json
from equipoise.cli.partial import Partial
from equipoise.errors import BadInputError
from equipoise.policies.registry import PolicyConfig
from equipoise.simulation.registry import found
from equipoise.simulation.report import regret_picture, summary
from equipoise.simulation.study import Factory, Measured, Setting, compare


def command(
    env: Annotated[
        str, typer.Option(help="An environment by name, or file.py:factory, called with the seed.")
    ],
    policies: Annotated[str, typer.Option(help="Policies by name or module:Class, with commas between.")],
    rounds: Annotated[int, typer.Option(min=1, help="Requests a run.")] = 20_000,
    seeds: Annotated[int, typer.Option(min=1, help="Runs a policy, under seeds 0, 1, …")] = 5,
    batch: Annotated[int, typer.Option(min=1, help="Requests between two updates of a policy.")] = 20,
    k: Annotated[
        int | None, typer.Option(min=1, help="Slate size; default: what suits the environment.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Also draw regret over time into this SVG file.")] = None,
    json: JsonOption = None,
) -> None:
    """Compare policies in one environment: reward, regret against the best slate, explored share.

    Each figure is a mean over seeds with its 95 % interval. With --json, a run that was interrupted goes
    on where it was.

    Example: equipoise simulate --env same_items --policies balanced,lin_greedy --json out.json
    """
    sys.path.insert(0, str(Path.cwd()))
    _check_plot(plot)
    environment, configs = found(env), _configs(policies)
    setting = Setting(rounds=rounds, batch=batch, k=environment.k if k is None else k)
    kept = None if json is None else Partial.beside(json, Measured, {"env": env, **asdict(setting)})
    with progress_shown():
        measured = _measured(environment.factory, configs, range(seeds), setting, kept)
    result = summary(env, setting, measured)
    _show(result)
    if plot is not None:
        _write_picture(plot, regret_picture(env, measured))
    if json is not None:
        write_json(json, result)
    if kept is not None:
        kept.discard()


def _measured(
    factory: Factory,
    configs: Mapping[str, PolicyConfig],
    seeds: range,
    setting: Setting,
    kept: Partial[Measured] | None,
) -> list[Measured]:
    """Return what was asked for, from what was kept and what is measured now."""
    known = [] if kept is None else kept.read()
    measured = [one for one in known if one.policy in configs and one.seed in seeds]
    for one in compare(factory, configs, seeds, setting, known=known):
        measured.append(one)
        if kept is not None:
            kept.keep(one)
    return measured


def _configs(policies: str) -> dict[str, PolicyConfig]:
    names = [name.strip() for name in policies.split(",") if name.strip()]
    if not names:
        raise BadInputError("--policies", "names no policy; give one or more with commas between")
    return {name: named(name) for name in names}


def _check_plot(plot: Path | None) -> None:
    if plot is not None and plot.suffix.lower() != ".svg":
        raise BadInputError(
            "--plot", f"pictures are drawn as SVG, which browsers show; call it {plot.stem}.svg"
        )


def _write_picture(plot: Path, picture: str) -> None:
    try:
        plot.write_text(picture)
    except OSError as error:
        raise BadInputError("--plot", f"cannot write {plot}: {error.strerror}") from error


def _show(result: Mapping[str, Any]) -> None:
    """Print a row for each policy."""
    table = Table(
        title=f"{result['env']}: {result['rounds']:,} rounds, {len(result['seeds'])} seeds, k = {result['k']}"
    )
    table.add_column("policy")
    for heading in ("reward a round", "regret a round", "explored"):
        table.add_column(heading, justify="right")
    for row in result["policies"]:
        table.add_row(
            row["policy"],
            _words(row["reward_per_round"]),
            _words(row["regret_per_round"]),
            f"{row['explored_share']:.1%}",
        )
    console.print(table)


def _words(figure: Mapping[str, float | None] | None) -> str:
    if figure is None:
        return "unknown"
    if figure["low"] is None or figure["high"] is None:
        return f"{figure['mean']:.4f}"
    return f"{figure['mean']:.4f} ± {(figure['high'] - figure['low']) / 2:.4f}"
