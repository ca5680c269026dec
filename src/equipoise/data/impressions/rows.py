"""Impressions and what came of them, one a row: what a ranker learns from and is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.impressions.schema import Schema
from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRows:
    """n impressions by time, oldest first.

    `numeric` (n, d) float32, NaN where not known; `categorical` (n, c) codes of the schema's vocabularies, -1
    for ids that have none; `targets` (n, t) 0 or 1, float32; `times` (n,) microseconds UTC; `users` (n,)
    codes of who was asked, by which intervals are drawn. `histories` holds the n histories of items met
    before, and `kinds` (total,) how each was met; None where the schema has no items.
    """

    schema: Schema
    numeric: Floats
    categorical: Ints
    targets: Floats
    times: Ints
    users: Ints
    histories: Histories | None = None
    kinds: Ints | None = None

    def __post_init__(self) -> None:
        self._check_shapes()
        if np.isinf(self.numeric).any():
            raise BadInputError("numeric", "holds infinity; write NaN where a number is not known")
        if ((self.categorical < -1) | (self.categorical >= np.array(self.schema.sizes, np.int64))).any():
            raise BadInputError("categorical", "holds a code outside its vocabulary; -1 is an unknown id")
        if not np.isin(self.targets, (0.0, 1.0)).all():
            raise BadInputError("targets", "must be 0 or 1")
        if (np.diff(self.times) < 0).any():
            raise BadInputError("times", "must not decrease; sort the rows by time")
        self._check_histories()

    @classmethod
    def of_columns(
        cls,
        *,
        numeric: Mapping[str, Floats],
        categorical: Mapping[str, Sequence[str]],
        targets: Mapping[str, Floats],
        times: Ints,
        users: Ints,
        schema: Schema | None = None,
    ) -> "RankingRows":
        """Build rows in the order of `times` from named columns.

        Ids are coded by `schema`, that of a fitted ranker, or else by vocabularies made of what is there.
        """
        known = schema or Schema(
            numeric=tuple(numeric),
            categorical=tuple(categorical),
            vocabularies=tuple(Vocabulary(tuple(sorted(set(ids)))) for ids in categorical.values()),
            targets=tuple(targets),
        )
        order = np.argsort(times, kind="stable")
        codes = [
            vocabulary.encode(_column(categorical, name))
            for name, vocabulary in zip(known.categorical, known.vocabularies, strict=True)
        ]
        n = len(times)
        return cls(
            schema=known,
            numeric=_table([_column(numeric, name) for name in known.numeric], n)[order].astype(np.float32),
            categorical=_table(codes, n)[order].astype(np.int64),
            targets=_table([_column(targets, name) for name in known.targets], n)[order].astype(np.float32),
            times=times[order],
            users=users[order],
        )

    def __len__(self) -> int:
        return len(self.times)

    @property
    def codes(self) -> Ints:
        """How the items of the histories were met, (total,)."""
        return np.zeros(0, np.int64) if self.kinds is None else self.kinds

    def where(self, keep: Bools) -> "RankingRows":
        """Return the rows of the mask `keep` (n,)."""
        return self.take(np.flatnonzero(keep))

    def take(self, rows: Ints) -> "RankingRows":
        """Return the rows at the places `rows`, which must not decrease."""
        histories, kinds = self.histories, self.kinds
        if histories is not None:
            places = _places(histories, rows)
            lengths = histories.lengths()[rows]
            histories = Histories(histories.items[places], np.concatenate(([0], np.cumsum(lengths))))
            kinds = None if kinds is None else kinds[places]
        return RankingRows(
            schema=self.schema,
            numeric=self.numeric[rows],
            categorical=self.categorical[rows],
            targets=self.targets[rows],
            times=self.times[rows],
            users=self.users[rows],
            histories=histories,
            kinds=kinds,
        )

    def known_before(self, moment: int, *, gap_days: float = 0.0) -> "RankingRows":
        """Return the rows whose targets, known `gap_days` later, were known before `moment`
        (microseconds).
        """
        return self.where(self.times < moment - int(gap_days * 86_400_000_000))

    def only(self, targets: Sequence[str]) -> "RankingRows":
        """Return the rows with no other target than `targets`."""
        places = [self.schema.target(name) for name in targets]
        schema = replace(self.schema, targets=tuple(targets))
        return replace(self, schema=schema, targets=self.targets[:, places])

    def _check_shapes(self) -> None:
        n, schema = len(self.times), self.schema
        wanted = {
            "numeric": (n, len(schema.numeric)),
            "categorical": (n, len(schema.categorical)),
            "targets": (n, len(schema.targets)),
            "users": (n,),
        }
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise BadInputError(name, f"must be of shape {shape}, is {getattr(self, name).shape}")

    def _check_histories(self) -> None:
        if (self.histories is None) != (self.schema.n_items == 0):
            raise BadInputError("histories", "belong to a schema with n_items, and to no other")
        if self.histories is None:
            return
        if len(self.histories) != len(self):
            raise BadInputError("histories", f"has {len(self.histories)} rows, the table {len(self)}")
        if self.kinds is None or len(self.kinds) != len(self.histories.items):
            raise BadInputError("kinds", "must say of each item of the histories how it was met")
        if ((self.kinds < 0) | (self.kinds >= self.schema.n_kinds)).any():
            raise BadInputError("kinds", f"must lie in 0 to {self.schema.n_kinds - 1}")


def _column(columns: Mapping[str, Sequence[str] | Floats], name: str) -> Sequence[str] | Floats:
    if name not in columns:
        raise BadInputError(name, "the column is missing; the ranker was fitted on it")
    return columns[name]


def _table(columns: Sequence[object], n: int) -> Floats:
    return np.column_stack([np.asarray(column) for column in columns]) if columns else np.zeros((n, 0))


def _places(histories: Histories, rows: Ints) -> Ints:
    """Return the places in `items` of the histories at `rows`, one history after the other."""
    lengths = histories.lengths()[rows]
    before = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) - np.repeat(before - histories.offsets[rows], lengths)
