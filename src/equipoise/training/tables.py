"""The split and the models as tables a person can read."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from equipoise.data.split import Split

_SHOWN = ("ndcg", "recall", "mrr", "hr", "coverage", "revenue")


def split_table(split: Split) -> Table:
    """Return the dates and sizes of `split`."""
    table = Table("", "from", "to", "users", "interactions or targets", title="Split by time")
    told = split.describe()
    table.add_row(
        "train",
        str(told["train_from"]),
        str(told["test_from"]),
        f"{told['train_users']:,}",
        f"{told['train_interactions']:,}",
    )
    table.add_row(
        "test, new to the user",
        str(told["test_from"]),
        str(told["test_to"]),
        f"{told['test_users']:,}",
        f"{told['test_targets']:,}",
    )
    table.add_row(
        "test, with repeats",
        str(told["test_from"]),
        str(told["test_to"]),
        f"{told['test_users_with_repeats']:,}",
        f"{told['test_targets_with_repeats']:,}",
    )
    table.caption = f"{told['users_without_history']:,} users came only after the split and are left out"
    return table


def model_table(rows: Sequence[dict[str, Any]], k: int = 10) -> Table:
    """Return one line a model: its metrics at `k` on items new to the user, and its costs."""
    names = [f"{name}@{k}" for name in _SHOWN]
    table = Table("model", *names, "fit s", "score s", title="Models on the held-out weeks")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        figures = [f"{row['metrics'][name]:.4f}" for name in names]
        table.add_row(row["model"], *figures, f"{row['fit_seconds']:.1f}", f"{row['score_seconds']:.1f}")
    table.caption = f"revenue@{k}: money each user then spent on the {k} items recommended, mean over users"
    return table
