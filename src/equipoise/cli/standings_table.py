"""What was held out, and how models did, as tables a person can read."""

from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Table

from equipoise.cli.console import console
from equipoise.cli.held_out import Task
from equipoise.cli.terminal import wide
from equipoise.evaluation.ranking import Comparison
from equipoise.training.standings import Standing

ACCURACY = {"ndcg": ".4f", "recall": ".4f", "hr": ".4f", "mrr": ".4f", "map": ".4f", "revenue": ".2f"}
BEYOND = {
    "coverage": ".3f",
    "gini": ".3f",
    "novelty": ".2f",
    "diversity": ".3f",
    "serendipity": ".4f",
    "popularity": ".1f",
}
_MONEY = "revenue"


def lead(k: int) -> str:
    """Return the metric that ranks the models."""
    return f"ndcg@{k}"


def show(table: Table) -> None:
    """Print a table, in a file as wide as it needs."""
    (console if console.is_terminal else wide).print(table)


def task_table(task: Task) -> Table:
    """Return the sizes of the parts; with several folds, those of the first."""
    told = task.told()
    why = ", the best this data offers" if task.chosen else ""
    table = Table("", "users", "items", "rows", title=f"Split: {task.split}{why}", box=box.SIMPLE)
    train = ("train_users", "train_items", "train_interactions")
    table.add_row("learned from", *(f"{told[name]:,}" for name in train))
    table.add_row("asked", f"{told['asked_users']:,}", "", f"{told['asked_targets']:,}")
    seen = "items already met are excluded" if told["exclude_seen"] else "items already met may come again"
    folds = f"; the first of {told['folds']} folds" if told["folds"] > 1 else ""
    left = f"; {told['users_without_history']:,} users without a history are not asked"
    table.caption = seen + folds + (left if told["users_without_history"] else "")
    return table


def standings_table(
    places: Sequence[Standing], k: int, metrics: Mapping[str, str] = ACCURACY, *, seeds: int
) -> Table:
    """Return one line a model: its `metrics` (name to format) at `k`, and what it cost."""
    shown = {name: form for name, form in metrics.items() if _worth_showing(places, f"{name}@{k}", name)}
    table = Table("model", *shown, "fit s", "score s", "peak MB", title=f"Best {k}", box=box.SIMPLE)
    table.columns[0].overflow = "fold"
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", seeds == 1
    for place in places:
        figures = [_figure(place, f"{name}@{k}", form, seeds) for name, form in shown.items()]
        costs = (f"{place.fit_seconds:.1f}", f"{place.score_seconds:.1f}", f"{place.peak_memory_mb:,.0f}")
        table.add_row(place.model, *figures, *costs)
    if seeds > 1:
        table.caption = f"± is the standard deviation over {seeds} seeds"
    return table


def tests_table(tests: Sequence[Comparison]) -> Table:
    """Return one line for each model that is not the best: how far it is behind, and how surely."""
    title = f"Beside {tests[0].second}, by {tests[0].metric}"
    table = Table("model", "difference", "95%", "p", title=title, box=box.SIMPLE)
    for test in tests:
        interval = f"{test.low:.4f} to {test.high:.4f}"
        table.add_row(test.first, f"{test.difference:.4f}", interval, f"{test.p_holm:.2g}")
    table.caption = "paired t-tests on the same users, p corrected for their number (Holm)"
    return table


def _worth_showing(places: Sequence[Standing], metric: str, name: str) -> bool:
    """Leave out what was not measured, and money where there is none."""
    return all(metric in place.metrics for place in places) and (
        name != _MONEY or any(place.metrics[metric] for place in places)
    )


def _figure(place: Standing, metric: str, form: str, seeds: int) -> str:
    spread = f" ± {place.spreads[metric]:{form}}" if seeds > 1 else ""
    return f"{place.metrics[metric]:{form}}{spread}"
