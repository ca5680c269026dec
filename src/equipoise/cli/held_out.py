"""What `evaluate` and `tune` share: a data set, what is held out of it, how models are judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from equipoise.cli.ingest import MapOption, mapping
from equipoise.data.dataset import Dataset
from equipoise.data.foreign import read_dataset
from equipoise.data.splits.choice import SPLITS, Wishes, default_split, rules_of
from equipoise.data.splits.parts import Parts, Rule
from equipoise.training.contest import Terms

DataArgument = Annotated[
    str, typer.Argument(help="A published set, a table, a file of events, a log, or online-retail.")
]
SplitOption = Annotated[
    str | None, typer.Option(help=f"What to hold out: {', '.join(SPLITS)}; default: the best there is.")
]
DaysOption = Annotated[float | None, typer.Option(help="time, new-items: how many of the last days. [28]")]
FoldsOption = Annotated[int, typer.Option(help="kfold: how many folds of users.")]
SeenOption = Annotated[
    bool | None,
    typer.Option(
        "--exclude-seen/--no-exclude-seen", help="Recommend nothing that was met; default: but in sessions."
    ),
]
MinWeightOption = Annotated[
    float | None, typer.Option("--min-weight", help="Leave out interactions (ratings) below this first.")
]
QuestionsOption = Annotated[int | None, typer.Option(min=1, help="Ask only so many, drawn at random.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The `rules` of one split of `data`, one a fold, and the `terms`; `chosen` if nobody asked for it."""

    data: Dataset
    split: str
    chosen: bool
    rules: tuple[Rule, ...]
    terms: Terms

    def told(self) -> dict[str, Any]:
        """Return what was held out, as JSON values; the sizes are those of the first fold."""
        parts = self.parts()
        asked = self.terms.asked(parts)
        return {
            "kind": self.split,
            "folds": len(self.rules),
            "exclude_seen": self.terms.exclude_seen,
            **parts.sizes(),
            "asked_users": len(asked),
            "asked_targets": len(asked.targets.items),
        }

    def parts(self) -> Parts:
        """Return the parts of the first fold."""
        return self.rules[0].hold_out(self.data.interactions)


def task_of(
    data: str,
    *,
    split: str | None,
    days: float | None,
    folds: int,
    ks: Sequence[int],
    exclude_seen: bool | None,
    min_weight: float | None,
    questions: int | None,
    columns: list[str] | None,
    seed: int,
) -> Task:
    """Read `data` and settle what is not said: the split it offers, and whether seen items are excluded."""
    whole = read_dataset(data, mapping(columns or []))
    kept = whole if min_weight is None else whole.at_least(min_weight)
    kind = split or default_split(kept)
    return Task(
        data=kept,
        split=kind,
        chosen=split is None,
        rules=rules_of(kind, kept, Wishes(days=days, folds=folds, seed=seed)),
        terms=Terms(
            ks=ks,
            exclude_seen=not kept.shown_again if exclude_seen is None else exclude_seen,
            questions=questions,
            seed=seed,
        ),
    )


__all__ = [
    "DataArgument",
    "DaysOption",
    "FoldsOption",
    "MapOption",
    "MinWeightOption",
    "QuestionsOption",
    "SeenOption",
    "SplitOption",
    "Task",
    "task_of",
]
