"""The columns of a table of impressions: their names, and the ids behind the codes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import BadInputError

MOST_REPORTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Numeric columns, categorical ones with a vocabulary each, what is predicted, and what a row looks back
    on.

    `n_items` is the number of items that may be in the histories, 0 where there are none; `n_kinds` the
    number of ways in which one may have been met (shown, clicked, …).
    """

    numeric: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    vocabularies: tuple[Vocabulary, ...] = ()
    targets: tuple[str, ...]
    n_items: int = 0
    n_kinds: int = 1

    def __post_init__(self) -> None:
        names = Counter([*self.numeric, *self.categorical, *self.targets])
        twice = [name for name, n in names.items() if n > 1]
        if twice:
            raise BadInputError(twice[0], "two columns have this name; rename one")
        if not self.targets:
            raise BadInputError("targets", "name at least one column to predict")
        if len(self.categorical) != len(self.vocabularies):
            raise BadInputError("vocabularies", "give one to each categorical column")
        if self.n_items < 0 or self.n_kinds < 1:
            raise BadInputError("n_items", "must be at least 0, and n_kinds at least 1")

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of codes of each categorical column."""
        return tuple(len(vocabulary) for vocabulary in self.vocabularies)

    def target(self, name: str) -> int:
        """Return the place of the target called `name`; raise `BadInputError` where there is none."""
        if name not in self.targets:
            raise BadInputError("target", f"there is no {name!r}; choose from {', '.join(self.targets)}")
        return self.targets.index(name)

    def check_same(self, other: "Schema") -> None:
        """Raise `BadInputError`, naming the first column that differs, where `other` is not this schema."""
        mine, theirs = (
            [*one.numeric, *zip(one.categorical, one.vocabularies, strict=True), one.n_items, one.n_kinds]
            for one in (self, other)
        )
        if mine != theirs or self.targets != other.targets:
            raise BadInputError(
                "rows", f"are of other columns than the ranker was fitted on: {_first(self, other)}"
            )


def _first(fitted: Schema, given: Schema) -> str:
    for what in ("numeric", "categorical", "targets"):
        wanted: Sequence[str] = getattr(fitted, what)
        have: Sequence[str] = getattr(given, what)
        if wanted != have:
            missing = [name for name in wanted if name not in have] or ["another order"]
            told = ", ".join(missing[:MOST_REPORTED])
            return f"{what} columns, {told} missing; encode with the ranker's schema"
    return "the codes mean other ids; encode with the ranker's schema"
