"""Rows into the numbers of a net: quantiles for numeric columns, places in one table for categories."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.models.rankers.algebra import Array
from equipoise.types import Floats, Ints

_KNOTS = 255
_UNIFORM = 3.0**0.5
"""Half the width of the uniform distribution of variance 1."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a net sees of n rows; the arrays are tensors while training.

    `numeric` (n, d), mean 0 and variance 1; `codes` (n, c) places in the table of all categories; `items` and
    `kinds` (n, length), left-padded: the items are places in their own table, 0 for rare ones; a kind is 0
    where nothing is, and else one more than in the rows.
    """

    numeric: Array
    codes: Array
    items: Array
    kinds: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What was learned of the columns.

    `knots` (d, q) are quantiles of the numeric columns; `missing` (m,) the columns that have gaps. Category
    codes are kept where rows enough have them: `places` (total codes,) is where each finds its vector, after
    `offsets` (c,), and the first place of each column is for everything else. `items` (n_items,) likewise, 0
    for others.
    """

    schema: Schema
    knots: Floats
    missing: Ints
    places: Ints
    offsets: Ints
    unknown: Ints
    items: Ints
    length: int

    @classmethod
    def fit(cls, rows: RankingRows, *, min_rows: int, length: int = 0) -> "Inputs":
        """Learn from `rows`; a code of fewer than `min_rows` rows is unknown."""
        sizes = np.array(rows.schema.sizes, np.int64)
        offsets = np.cumsum(sizes) - sizes
        flat = (rows.categorical + offsets)[rows.categorical >= 0]
        kept = np.bincount(flat, minlength=int(sizes.sum())) >= min_rows
        column = np.repeat(np.arange(len(sizes)), sizes)
        unknown = np.array([kept[: offsets[at]].sum() + at for at in range(len(sizes))], np.int64)
        places = np.where(kept, np.cumsum(kept) + column, unknown[column] if len(column) else 0)
        gaps = np.isnan(rows.numeric).any(axis=0)
        return cls(
            schema=rows.schema,
            knots=_quantiles(rows.numeric),
            missing=np.flatnonzero(gaps),
            places=places.astype(np.int64),
            offsets=offsets,
            unknown=unknown,
            items=_known_items(rows, min_rows),
            length=length,
        )

    @property
    def n_numeric(self) -> int:
        """The number of numeric inputs: one a column, and one more where it has gaps."""
        return len(self.knots) + len(self.missing)

    @property
    def n_columns(self) -> int:
        """The number of categorical columns."""
        return len(self.offsets)

    @property
    def n_places(self) -> int:
        """The number of rows of the table of categories."""
        return int(max(self.places.max(initial=-1), self.unknown.max(initial=-1))) + 1

    @property
    def n_items(self) -> int:
        """The number of rows of the table of items, that of the rare ones among them."""
        return int(self.items.max(initial=0)) + 1

    def encode(self, rows: RankingRows) -> Batch:
        """Return what a net sees of `rows`."""
        items, kinds = self._lookback(rows)
        return Batch(numeric=self._numbers(rows.numeric), codes=self.codes(rows), items=items, kinds=kinds)

    def codes(self, rows: RankingRows) -> Ints:
        """Return the place of each category in the table of all, (n, c)."""
        if self.n_columns == 0:
            return np.zeros((len(rows), 0), np.int64)
        there = rows.categorical >= 0
        flat = np.where(there, rows.categorical + self.offsets, 0)
        return np.where(there, self.places[flat] if len(self.places) else 0, self.unknown)

    def _numbers(self, numeric: Floats) -> Floats:
        found = np.zeros((len(numeric), self.n_numeric), np.float32)
        for at, knots in enumerate(self.knots):
            below, upto = (np.searchsorted(knots, numeric[:, at], side) for side in ("left", "right"))
            share = (below + upto) / (2 * len(knots))
            found[:, at] = np.where(np.isnan(numeric[:, at]), 0.0, (2 * share - 1) * _UNIFORM)
        found[:, len(self.knots) :] = np.isnan(numeric[:, self.missing])
        return found

    def _lookback(self, rows: RankingRows) -> tuple[Ints, Ints]:
        if self.length == 0 or rows.histories is None:
            nothing = np.zeros((len(rows), 0), np.int64)
            return nothing, nothing
        items = rows.histories.padded(self.length)
        kinds = Histories(rows.codes, rows.histories.offsets).padded(self.length)
        known = (items >= 0) & (items < len(self.items))
        return np.where(known, self.items[np.where(known, items, 0)], 0), kinds + 1


def _quantiles(numeric: Floats) -> Floats:
    """Return the inner quantiles of each column, (d, q); zeros where a column is empty."""
    shares = np.arange(1, _KNOTS + 1) / (_KNOTS + 1)
    found = np.zeros((numeric.shape[1], _KNOTS), np.float32)
    for at in range(numeric.shape[1]):
        column = numeric[:, at][~np.isnan(numeric[:, at])]
        if len(column):
            found[at] = np.quantile(column, shares, method="inverted_cdf")
    return found


def _known_items(rows: RankingRows, min_rows: int) -> Ints:
    if rows.histories is None:
        return np.zeros(0, np.int64)
    met = rows.histories.known(rows.schema.n_items).items
    kept = np.bincount(met, minlength=rows.schema.n_items) >= min_rows
    return np.where(kept, np.cumsum(kept), 0)
