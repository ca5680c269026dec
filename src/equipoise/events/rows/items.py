"""Versions of catalogue items in their table."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import msgspec
import pyarrow as pa

from equipoise.events.facts import Item
from equipoise.events.log import Table
from equipoise.events.names import Codes, Spellings
from equipoise.events.rows.kept import from_json, to_json
from equipoise.events.schema import ITEMS

_encoder = msgspec.msgpack.Encoder()
_categories = msgspec.json.Decoder(tuple[str, ...])


class ItemRows:
    """The table of item versions; the key is a digest, so that telling the same again adds nothing."""

    table: Table = "items"
    key = "version"
    columns = (
        "seq",
        "version",
        "item",
        "timestamp",
        "title",
        "description",
        "categories",
        "brand",
        "price",
        "margin",
        "currency",
        "image_url",
        "available",
        "properties",
    )
    query = """
        SELECT seq, item.id, timestamp, title, description, categories, brand, price, margin, currency,
               image_url, available, properties
        FROM items AS i LEFT JOIN item_ids AS item ON item.code = i.item
        WHERE i.seq > {after}"""
    typed = "0, '', 0, '', '', '', '', 0.5, 0.5, '', '', 0, ''"

    def ids(self, item: Item) -> Iterable[str | None]:
        """Return nothing: an item names no users."""
        return ()

    def item_ids(self, item: Item) -> Iterable[str | None]:
        """Return the id of `item`."""
        return (item.item_id,)

    def row(self, seq: int, item: Item, ids: Codes, items: Codes) -> tuple[Any, ...]:
        """Return the stored row of `item`."""
        return (
            seq,
            blake2b(_encoder.encode(item), digest_size=16).digest(),
            items.of(item.item_id),
            item.timestamp,
            item.title,
            item.description,
            msgspec.json.encode(item.categories).decode(),
            item.brand,
            item.price,
            item.margin,
            item.currency,
            item.image_url,
            item.available,
            to_json(item.properties),
        )

    def fact(self, row: tuple[Any, ...]) -> Item:
        """Return the item of a row of the query."""
        return Item(
            item_id=row[1],
            timestamp=row[2],
            title=row[3],
            description=row[4],
            categories=_categories.decode(row[5]),
            brand=row[6],
            price=row[7],
            margin=row[8],
            currency=row[9],
            image_url=row[10],
            available=bool(row[11]),
            properties=from_json(row[12]),
        )

    def arrow(self, batch: pa.RecordBatch, items: Spellings) -> pa.RecordBatch:
        """Return `batch` under the public names and types."""
        columns = batch.columns
        columns[5] = pa.array(map(_categories.decode, columns[5].to_pylist()), ITEMS.field("categories").type)
        columns[12] = columns[12].fill_null("{}")
        return pa.RecordBatch.from_arrays(
            [column.cast(field.type) for column, field in zip(columns, ITEMS, strict=True)], schema=ITEMS
        )
