"""Columns of ids into codes and the vocabularies behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from equipoise.data.vocabulary import Vocabulary
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Coded:
    """`codes` (n,) of the ids in `vocabulary`, -1 where there is none."""

    codes: Ints
    vocabulary: Vocabulary

    @classmethod
    def of(cls, column: pa.ChunkedArray | Ints) -> "Coded":
        """Code a column in the order of its ids."""
        ids = pc.cast(pa.chunked_array([column]) if isinstance(column, np.ndarray) else column, pa.string())
        levels = sorted(str(level) for level in pc.unique(ids).to_pylist() if level is not None)
        codes = pc.index_in(ids, value_set=pa.array(levels, pa.string())).fill_null(-1)
        return cls(codes.to_numpy().astype(np.int64), Vocabulary(tuple(levels)))

    def at(self, rows: Ints) -> "Coded":
        """Return the codes at the places `rows`, -1 for place -1."""
        return Coded(np.where(rows >= 0, self.codes[rows], -1), self.vocabulary)


def together(columns: Mapping[str, Coded]) -> tuple[Ints, tuple[Vocabulary, ...]]:
    """Return the codes (n, c) of several columns, and their vocabularies."""
    return (
        np.column_stack([column.codes for column in columns.values()]),
        tuple(column.vocabulary for column in columns.values()),
    )


def numbers(column: pa.ChunkedArray) -> Floats:
    """Return a column of numbers, float64, NaN where there is none."""
    return np.asarray(pc.cast(column, pa.float64()).fill_null(np.nan).to_numpy(), np.float64)


def pair(one: Ints, two: Ints) -> Ints:
    """Return a key (n,) that is equal where both keys are."""
    return (one + 1) * (int(two.max(initial=0)) + 2) + two + 1
