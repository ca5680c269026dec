"""`equipoise ope`: what policies would have earned, from what another one logged."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from equipoise.cli.beside import Beside
from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.cli.ingest import mapping
from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.compare import short
from equipoise.evaluation.offpolicy.judging import Answer, Question, judge_decisions, judge_rounds
from equipoise.evaluation.offpolicy.log import FEWEST
from equipoise.evaluation.offpolicy.picture import drawn
from equipoise.evaluation.offpolicy.registry import INTERVALS, picked
from equipoise.evaluation.offpolicy.report import summary
from equipoise.evaluation.offpolicy.sources.decisions import DecisionLog
from equipoise.evaluation.offpolicy.sources.rounds import LOGGED, opened
from equipoise.evaluation.offpolicy.sources.tables import is_decision_log
from equipoise.evaluation.offpolicy.verdict import Limits
from equipoise.serving.settings import Settings
from equipoise.training.candidate import candidate, later

LogOption = Annotated[
    Path, typer.Option(help="The log.db, its folder, an exported folder, an open-bandit folder, or a table.")
]
TargetOption = Annotated[
    str,
    typer.Option(
        help="Policies by name, module:Class or folder of `learn`; `logged`, the one that made the log; "
        "`serving` or serving:VARIANT, what serves now; an open-bandit folder; column:NAME of a table, its "
        "chances of what was logged. With commas between."
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="Our column = theirs, as reward=click, for tables; may repeat."),
]
EssOption = Annotated[float, typer.Option(min=0.0, help="Refuse below this effective sample size.")]
UnloggedOption = Annotated[
    float, typer.Option(min=0.0, max=1.0, help="Refuse if more of a target's choices were never logged.")
]


def command(
    log: LogOption,
    target: TargetOption,
    estimators: Annotated[str, typer.Option(help="`auto`, or estimators with commas between.")] = "auto",
    interval: Annotated[str, typer.Option(help=f"One of {', '.join(INTERVALS)}.")] = "bootstrap",
    confidence: Annotated[float, typer.Option(min=0.5, max=0.9999)] = 0.95,
    columns: MapOption = None,
    variant: Annotated[str | None, typer.Option(help="Only decisions of this variant.")] = None,
    least_ess: EssOption = 1_000.0,
    most_unlogged: UnloggedOption = 0.01,
    plot: Annotated[Path | None, typer.Option(help="Also draw the estimates into this SVG file.")] = None,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Say what policies would have earned, how sure that is, and whether the log can tell at all.

    Policies by name are judged as they start, before any feedback; `equipoise learn` lets one learn from the
    older part of a log. One that reads features is judged on the decisions that keep those of all
    candidates. What an event is worth is up to the settings.

    Example: equipoise ope --log equipoise-data --target greedy,uniform --json out.json
    """
    sys.path.insert(0, str(Path.cwd()))
    _check_plot(plot)
    question = Question(
        targets=[name.strip() for name in target.split(",") if name.strip()],
        estimators=estimators,
        interval=picked(interval, INTERVALS, "--interval")[interval](),
        confidence=confidence,
        limits=Limits(ess=least_ess, unlogged=most_unlogged),
    )
    path = existing(log)
    with progress_shown():
        answer = (
            _of_decisions(path, question, settings_from(config), variant)
            if is_decision_log(path)
            else _of_rounds(path, question, mapping(columns or []))
        )
    _tell(str(log), answer, plot, json)


def _of_decisions(path: Path, question: Question, settings: Settings, variant: str | None) -> Answer:
    shop = Beside.of(path, settings)
    judged = {name: shop.policy(name) for name in question.targets if name != LOGGED}
    versions = {one.features_version for one in judged.values()} - {None}
    if len(versions) > 1:
        raise BadInputError(
            "--target", "the policies read features of different meaning; judge them one by one"
        )
    log = DecisionLog(
        path=path,
        rewards=settings.learning.rewards,
        variant=variant,
        after=later(*(one.learned_until for one in judged.values())),
        features_version=next(iter(versions), shop.features_version),
    )
    _check_left(log, question)
    return judge_decisions(log, question, lambda name: judged[name].policy)


def _check_left(log: DecisionLog, question: Question) -> None:
    if log.after is not None and len(log.numbers()) < FEWEST:
        raise BadInputError(
            "--target",
            f"{', '.join(question.targets)}: learned from all that the log holds, which would flatter "
            "it; let a policy learn from the older part: equipoise learn --policy NAME --share 0.5 --out F",
        )


def _of_rounds(path: Path, question: Question, columns: Mapping[str, str]) -> Answer:
    source = opened(path, columns)
    folders = [name for name in question.targets if (Path(name) / "manifest.json").is_file()]
    learned = {name: candidate(name, items=source.names) for name in folders}
    newer = source.after(max((one.rounds_learned for one in learned.values()), default=0))
    return judge_rounds(newer, question, lambda name: (learned.get(name) or candidate(name)).policy)


def existing(log: Path) -> Path:
    """Return `log`, or the log of decisions in it if it is the folder of one."""
    if not log.exists():
        raise BadInputError("--log", f"there is no {log}")
    return log / "log.db" if (log / "log.db").is_file() else log


def _check_plot(plot: Path | None) -> None:
    if plot is not None and plot.suffix.lower() != ".svg":
        raise BadInputError(
            "--plot", f"pictures are drawn as SVG, which browsers show; call it {plot.stem}.svg"
        )


def _tell(log: str, answer: Answer, plot: Path | None, json: Path | None) -> None:
    result = summary(log, answer.rows, answer.refused)
    _show(result)
    if plot is not None:
        _write(plot, drawn(answer.rows, f"What {log} can tell"))
    if json is not None:
        write_json(json, result)


def _write(plot: Path, picture: str) -> None:
    try:
        plot.write_text(picture)
    except OSError as error:
        raise BadInputError("--plot", f"cannot write {plot}: {error.strerror}") from error


def _show(result: Mapping[str, Any]) -> None:
    """Print a row for each target and estimator, the diagnostics, and the verdict."""
    table = Table(title=f"{result['log']}: {result['rounds']:,} rounds")
    for heading in ("target", "estimator", "value a round", "interval", "sample size"):
        table.add_column(heading, justify="left" if heading in ("target", "estimator") else "right")
    for row in result["estimates"]:
        if row["value"] is not None:
            table.add_row(short(row["target"]), row["estimator"], *_figures(row))
    console.print(table)
    for row in result["estimates"]:
        if row["value"] is None:
            console.print(
                f"{row['target']}, {row['estimator']}: {row['why']}", soft_wrap=True, highlight=False
            )
    for name, found in result["diagnostics"].items():
        console.print(f"{name}: {_diagnosis(found)}", soft_wrap=True, highlight=False)
    if result["refused"]:
        told = ", ".join(f"{reason} ({rows:,})" for reason, rows in result["refused"].items())
        console.print(f"rows refused: {told}", soft_wrap=True, highlight=False)
    for line in result["verdict"]:
        console.print(line, soft_wrap=True, highlight=False)


def _figures(row: Mapping[str, Any]) -> tuple[str, str, str]:
    size = f"{row['ess']:,.0f}" + ("" if row["supported"] else " (refused)")
    low, high = (row[end] for end in ("low", "high"))
    return f"{row['value']:.4g}", f"{low:.4g} to {high:.4g}" if low is not None else "unknown", size


def _diagnosis(found: Mapping[str, Any]) -> str:
    words = [
        f"mean weight {found['mean_weight']:.3f} ± {2 * found['mean_weight_error']:.3f}",
        f"the heaviest 1 % carry {found['heaviest']:.0%}",
        f"no choice in {found['certain']:.0%}",
    ]
    for name, word in (("unlogged", "never logged"), ("unseen", "without a sign of being seen")):
        if found[name] is not None:
            words.append(f"{found[name]:.1%} {word}")
    return ", ".join(words)
