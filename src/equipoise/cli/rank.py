"""`equipoise rank`."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from equipoise.cli.console import JsonOption, progress_shown, write_json
from equipoise.cli.entries import calls, parsed, spelt
from equipoise.cli.standings_table import show
from equipoise.data.impressions import RankingRows, TableColumns, TimeParts, by_time, read_rows
from equipoise.errors import BadInputError
from equipoise.evaluation.prediction import METRICS, Figure
from equipoise.models.rankers.registry import configured
from equipoise.training.rank import NamedRanker, Ranked, rank

_DEFAULT = "mean_rate,logistic,lightgbm,dcn_v2"


def command(
    data: Annotated[str, typer.Argument(help="A folder of KuaiRand, Open Bandit or Online Retail; a table.")],
    models: Annotated[
        str, typer.Option(help="Comma-separated: our names or module:Class, with settings as dcn_v2(reg=2).")
    ] = _DEFAULT,
    target: Annotated[
        str | None, typer.Option(help="What to predict, comma-separated; default: all that the data tells.")
    ] = None,
    validation: Annotated[float, typer.Option(help="The share of rows, by time, kept for choosing.")] = 0.15,
    test: Annotated[float, typer.Option(help="The share of rows, the newest, to judge by.")] = 0.15,
    on: Annotated[str, typer.Option(help="Judge on test, or on validation while choosing.")] = "test",
    time: Annotated[str, typer.Option(help="Of a table: the column of when.")] = "timestamp",
    user: Annotated[str | None, typer.Option(help="Of a table: the column of whom.")] = None,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 7,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, one after another.")] = 1,
    draws: Annotated[int, typer.Option(min=0, help="Draws of the bootstrap for the intervals.")] = 200,
    json: JsonOption = None,
) -> None:
    """Fit rankers on earlier impressions and judge the probabilities they give to later ones.

    Example: `equipoise rank kuairand --models "logistic,lightgbm,dcn_v2(reg=5)" --target click --json
    out.json`
    """
    chosen = [_ranker(text) for text in calls(models)]
    wanted = [name.strip() for name in target.split(",")] if target else []
    _check(validation, test, on, chosen)
    with progress_shown():
        read = read_rows(data, TableColumns(targets=wanted, time=time, user=user))
        rows = read.rows.only(wanted) if wanted else read.rows
        parts = by_time(rows, validation=validation, test=test, gap_days=read.label_days)
        train, asked = _parts(rows, parts, on, read.label_days)
        outcomes = list(rank(train, asked, chosen, seeds=range(seed, seed + seeds), draws=draws))
    for name in rows.schema.targets:
        show(_table(name, train, asked, outcomes))
    if json is not None:
        write_json(json, _result(data, on, train, asked, read.label_days, outcomes))


def _ranker(text: str) -> NamedRanker:
    name, settings = parsed(text)
    return NamedRanker(label=spelt(name, settings), learner=configured(name, settings))


def _check(validation: float, test: float, on: str, chosen: Sequence[NamedRanker]) -> None:
    if not (validation > 0 and test > 0 and validation + test < 1):
        raise BadInputError("--test", "it and --validation must be above 0 and leave something to learn from")
    if on not in ("test", "validation"):
        raise BadInputError("--on", f"must be test or validation, is {on!r}")
    if not chosen:
        raise BadInputError("--models", "name at least one")


def _parts(rows: RankingRows, parts: TimeParts, on: str, gap_days: float) -> tuple[RankingRows, RankingRows]:
    """Return what to learn from and what to judge on; before the test, all earlier rows are learned from."""
    if on == "validation":
        return parts.train, parts.validation
    if len(parts.test) == 0:
        return parts.train, parts.test
    return rows.known_before(int(parts.test.times[0]), gap_days=gap_days), parts.test


def _table(target: str, train: RankingRows, asked: RankingRows, outcomes: Sequence[Ranked]) -> Table:
    rate = asked.targets[:, asked.schema.target(target)].mean()
    title = (
        f"{target}: {len(train):,} rows to learn from, {len(asked):,} later ones asked, {rate:.2%} of them 1"
    )
    table = Table("model", *METRICS, "fit s", title=title, box=box.SIMPLE)
    for one in outcomes:
        told = [_cell(one.figures[target][name]) for name in METRICS]
        table.add_row(f"{one.model} ({one.seed})", *told, f"{one.fit_seconds:.1f}")
    return table


def _cell(figure: Figure) -> str:
    return f"{figure.value:.4f} [{figure.low:.4f}, {figure.high:.4f}]"


def _result(
    data: str,
    on: str,
    train: RankingRows,
    asked: RankingRows,
    gap_days: float,
    outcomes: Sequence[Ranked],
) -> dict[str, Any]:
    split = {
        "kind": "time",
        "part": on,
        "gap_days": gap_days,
        "train_rows": len(train),
        "asked_rows": len(asked),
        "targets": list(asked.schema.targets),
    }
    return {"data": data, "split": split, "models": [one.row() for one in outcomes]}
