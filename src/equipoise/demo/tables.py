"""What the visits came to, as a table a person can read."""

from typing import Any

from rich.table import Table


def reward_table(figures: dict[str, Any]) -> Table:
    """Return one line a variant: slates, reward a slate with its interval, money, exploration."""
    table = Table(title="What the slates earned, on the same shoppers")
    for column in ("variant", "slates", "reward a slate", "after the change", "money / 1,000", "explored"):
        table.add_column(column, justify="left" if column == "variant" else "right")
    for name, reward in figures["reward_per_slate"].items():
        after = figures["after_change"].get(name)
        table.add_row(
            name,
            f"{figures['slates'][name]:,}",
            _interval(reward),
            "–" if after is None else _interval(after),
            f"{figures['revenue_per_1000_slates'][name]:,.0f}",
            f"{figures['explored_share'][name]:.1%}",
        )
    table.caption = "intervals: 95 %, over slates"
    return table


def _interval(told: dict[str, float]) -> str:
    return f"{told['mean']:.3f} [{told['low']:.3f}, {told['high']:.3f}]"
