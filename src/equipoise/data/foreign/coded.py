"""Rows of a file with outside ids, into interactions and the ids behind their codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from equipoise.data.interactions import Interactions
from equipoise.data.vocabulary import Vocabulary
from equipoise.random import derive
from equipoise.types import Floats, Ints

Column: TypeAlias = pa.Array | pa.ChunkedArray | Sequence[str] | Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """`rows` (n,) is the row of the file that each of `interactions` was made of."""

    interactions: Interactions
    users: Vocabulary
    items: Vocabulary
    rows: Ints


def coded(
    users: Column, items: Column, *, times: Ints, weights: Floats | None = None, values: Floats | None = None
) -> Coded:
    """Code n rows and sort them by user and time; rows of one time stay in the order of the file.

    Codes are in the order of first appearance. `weights` are 1 and `values` 0 where not given.
    """
    user_codes, user_names = _codes(users)
    item_codes, item_names = _codes(items)
    rows = np.lexsort((np.arange(len(times)), times, user_codes))
    return Coded(
        interactions=Interactions(
            users=user_codes[rows],
            items=item_codes[rows],
            times=times[rows],
            weights=np.ones(len(rows)) if weights is None else weights[rows],
            values=np.zeros(len(rows)) if values is None else values[rows],
            n_users=len(user_names),
            n_items=len(item_names),
        ),
        users=user_names,
        items=item_names,
        rows=rows,
    )


def no_order(n: int) -> Ints:
    """Return times for `n` rows whose order nobody knows: a random one, always the same."""
    return derive(0, "no order").permutation(n)


def _codes(column: Column) -> tuple[Ints, Vocabulary]:
    array = pa.chunked_array([column]) if isinstance(column, pa.Array) else column
    whole = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else pa.array(array)
    found = whole.dictionary_encode()
    names = tuple(found.dictionary.cast(pa.string()).to_pylist())
    return np.array(found.indices.to_numpy(zero_copy_only=False), np.int64), Vocabulary(names)
