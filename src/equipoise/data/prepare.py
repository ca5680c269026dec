"""From the log to everything a model is fitted on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import ibis
import numpy as np
import pyarrow as pa

from equipoise.data import expressions
from equipoise.data.catalogue import Catalogue
from equipoise.data.content import TextEncoder, text_of
from equipoise.data.interactions import Interactions
from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import BadInputError
from equipoise.events.log import EventLog, Table
from equipoise.types import Floats, Ints

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"purchase": 1.0, "cart": 0.5, "favourite": 0.5, "click": 0.3, "view": 0.2}
)
"""Which events become interactions, and how much each says; the others are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the log held: `vocabulary` and `users` name the codes of `interactions` and `catalogue`.

    `encoder` made the catalogue's content and encodes products that come later; `currency` is the
    one in which most items are priced, empty where none says.
    """

    interactions: Interactions
    vocabulary: Vocabulary
    users: Vocabulary
    catalogue: Catalogue
    encoder: TextEncoder
    currency: str


def prepare(log: EventLog, weights: Mapping[str, float] = WEIGHTS) -> Prepared:
    """Read `log` and prepare it; raise `BadInputError` where it holds nothing to learn from."""
    return prepare_tables(_read(log, "events"), _read(log, "items"), weights)


def prepare_tables(events: pa.Table, items: pa.Table, weights: Mapping[str, float] = WEIGHTS) -> Prepared:
    """Prepare Arrow tables with the columns of a scan."""
    engine = ibis.duckdb.connect()
    happened = ibis.memtable(events)
    current = expressions.current_items(ibis.memtable(items))
    told = engine.to_pyarrow(expressions.with_arrival(current, happened))
    rows = engine.to_pyarrow(expressions.interactions(happened, current, weights))
    engine.disconnect()
    if len(rows) == 0:
        raise BadInputError(
            "log", f"holds no {' or '.join(weights)} of a known item; `equipoise ingest` some first"
        )
    return _assemble(told, rows)


def _read(log: EventLog, table: Table) -> pa.Table:
    batches = list(log.scan(table))
    if not batches:
        raise BadInputError("log", f"holds no {table}; `equipoise ingest FILE` reads some in")
    return pa.Table.from_batches(batches)


def _assemble(items: pa.Table, rows: pa.Table) -> Prepared:
    vocabulary = Vocabulary(tuple(items["item_id"].to_pylist()))
    users, first = np.unique(_ints(rows, "user"), return_index=True)
    encoder, catalogue = _catalogue(items)
    return Prepared(
        interactions=Interactions(
            users=_ints(rows, "user"),
            items=_ints(rows, "item"),
            times=_ints(rows, "timestamp"),
            weights=_floats(rows, "weight"),
            values=_floats(rows, "value"),
            n_users=len(users),
            n_items=len(vocabulary),
            kinds=_ints(rows, "kind"),
        ),
        vocabulary=vocabulary,
        users=Vocabulary(tuple(rows["who"].take(pa.array(first)).to_pylist())),
        catalogue=catalogue,
        encoder=encoder,
        currency=_most_common(items["currency"]),
    )


def _most_common(column: pa.ChunkedArray) -> str:
    counts = Counter(word for word in column.to_pylist() if word is not None)
    return str(max(counts, key=lambda word: (counts[word], word), default=""))


def _catalogue(items: pa.Table) -> tuple[TextEncoder, Catalogue]:
    told = zip(*(items[name].to_pylist() for name in ("title", "brand", "categories")), strict=True)
    texts = [text_of(title, brand, categories) for title, brand, categories in told]
    encoder = TextEncoder.fit(texts)
    return encoder, Catalogue(
        prices=_floats(items, "price"),
        arrived=_ints(items, "arrived"),
        available=items["available"].to_numpy().astype(np.bool_),
        content=encoder.encode(texts),
    )


def _ints(table: pa.Table, column: str) -> Ints:
    return np.array(table[column].cast(pa.int64()).to_numpy(), np.int64)


def _floats(table: pa.Table, column: str) -> Floats:
    return np.array(table[column].cast(pa.float64()).to_numpy(), np.float64)
