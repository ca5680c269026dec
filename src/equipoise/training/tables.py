"""The split and the models as tables a person can read."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table

_SHOWN = {"ndcg": ".4f", "recall": ".4f", "mrr": ".4f", "hr": ".4f", "coverage": ".4f", "revenue": ".2f"}


def split_table(told: Mapping[str, Any]) -> Table:
    """Return the dates and sizes that `Split.describe` tells."""
    train = (told["train_from"], told["test_from"], told["train_users"], told["train_interactions"])
    test = (told["test_from"], told["test_to"])
    unseen = (*test, told["test_users"], told["test_targets"])
    every = (*test, told["test_users_with_repeats"], told["test_targets_with_repeats"])
    table = Table("", "from", "to", "users", "rows", title="Split by time", box=box.SIMPLE)
    for name, line in (("train", train), ("test, new to the user", unseen), ("test, with repeats", every)):
        table.add_row(name, *(_text(value) for value in line))
    table.caption = f"{told['users_without_history']:,} users came only after the split and are left out"
    return table


def _text(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def model_table(rows: Sequence[dict[str, Any]], k: int = 10) -> Table:
    """Return one line a model: its metrics at `k` on items new to the user, and its costs."""
    title = f"Models on the held-out days, best {k}"
    table = Table("model", *_SHOWN, "fit s", title=title, box=box.SIMPLE)
    for column in table.columns:
        column.no_wrap = True
        column.justify = "left" if column.header == "model" else "right"
    for row in rows:
        figures = [format(row["metrics"][f"{name}@{k}"], form) for name, form in _SHOWN.items()]
        table.add_row(row["model"], *figures, f"{row['fit_seconds']:.1f}")
    table.caption = f"revenue: what each user then spent on the {k} items recommended, mean over users"
    return table
