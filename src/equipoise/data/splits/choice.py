"""Splits by the names they have on the command line, with what a data set offers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from equipoise.data.dataset import Dataset, Order
from equipoise.data.interactions import DAY
from equipoise.data.splits.items import HiddenItems, LateItems
from equipoise.data.splits.last import LeaveLastOut
from equipoise.data.splits.parts import Rule
from equipoise.data.splits.time import LastDays
from equipoise.data.splits.users import NewUsers
from equipoise.errors import BadInputError

Rules = tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person may say about a split: `days` at the end, `folds`, the `seed` that deals and hides."""

    days: float | None = None
    folds: int = 5
    seed: int = 7

    def days_of(self, data: Dataset) -> float:
        """Return the days to hold out: as said, or 28, or a tenth of the span where that is shorter."""
        if self.days is not None:
            return self.days
        times = data.interactions.times
        return min(28.0, max(float(times.max() - times.min()) / DAY / 10, 1e-9)) if len(times) else 28.0


def _given(data: Dataset, wishes: Wishes) -> Rules:
    if not data.given:
        raise BadInputError("--split", f"{data.name} comes without a split; use {default_split(data)}")
    return data.given


def _time(data: Dataset, wishes: Wishes) -> Rules:
    if data.order is not Order.DATES:
        raise BadInputError("--split", f"{data.name} has no dates to split by; use {default_split(data)}")
    return (LastDays(days=wishes.days_of(data), relevant=data.relevant),)


def _leave_last_out(data: Dataset, wishes: Wishes) -> Rules:
    if data.order is Order.NONE:
        raise BadInputError(
            "--split", f"nobody knows which item is the last in {data.name}; use users or given"
        )
    return (LeaveLastOut(relevant=data.relevant),)


def _users(data: Dataset, wishes: Wishes) -> Rules:
    return (NewUsers(folds=10, relevant=data.relevant, seed=wishes.seed),)


def _kfold(data: Dataset, wishes: Wishes) -> Rules:
    return tuple(
        NewUsers(folds=wishes.folds, nth=nth, relevant=data.relevant, seed=wishes.seed)
        for nth in range(wishes.folds)
    )


def _new_items(data: Dataset, wishes: Wishes) -> Rules:
    if data.order is Order.DATES:
        return (LateItems(days=wishes.days_of(data), relevant=data.relevant),)
    return (HiddenItems(relevant=data.relevant, seed=wishes.seed),)


SPLITS: Mapping[str, Callable[[Dataset, Wishes], Rules]] = MappingProxyType(
    {
        "given": _given,
        "time": _time,
        "leave-last-out": _leave_last_out,
        "users": _users,
        "kfold": _kfold,
        "new-items": _new_items,
    }
)


def default_split(data: Dataset) -> str:
    """Return the most honest split that `data` offers: the one given, by time, the last item, new users."""
    offers = {Order.DATES: "time", Order.PLACES: "leave-last-out", Order.NONE: "users"}
    return "given" if data.given else offers[data.order]


def rules_of(split: str, data: Dataset, wishes: Wishes) -> Rules:
    """Return the rules of the `split` of that name: one, or as many as there are folds."""
    if split not in SPLITS:
        raise BadInputError("--split", f"{split!r} is not known; use {', '.join(SPLITS)}")
    return SPLITS[split](data, wishes)
