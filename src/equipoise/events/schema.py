"""The columns of a scan: the fields of the fact, with `seq` before them, ids as strings."""

import pyarrow as pa

from equipoise.events.log import Table

TIME = pa.timestamp("us", tz="UTC")

EVENTS = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("event_type", pa.string(), nullable=False),
        pa.field("timestamp", TIME, nullable=False),
        ("user_id", pa.string()),
        ("session_id", pa.string()),
        ("item_id", pa.string()),
        ("value", pa.float64()),
        ("quantity", pa.float64()),
        ("currency", pa.string()),
        ("recommendation_id", pa.string()),
        ("position", pa.int64()),
        pa.field("properties", pa.string(), nullable=False),
    ]
)
"""Events; `properties` is JSON text, `{}` where there are none."""

ITEMS = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("item_id", pa.string(), nullable=False),
        pa.field("timestamp", TIME, nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("description", pa.string(), nullable=False),
        pa.field("categories", pa.list_(pa.string()), nullable=False),
        ("brand", pa.string()),
        ("price", pa.float64()),
        ("margin", pa.float64()),
        ("currency", pa.string()),
        ("image_url", pa.string()),
        pa.field("available", pa.bool_(), nullable=False),
        pa.field("properties", pa.string(), nullable=False),
    ]
)
"""Versions of catalogue items, each as the shop told it; the last of an item is current."""

CHOICE = pa.struct(
    [
        ("item_id", pa.string()),
        ("position", pa.int32()),
        ("score", pa.float32()),
        ("propensity", pa.float64()),
        ("explored", pa.bool_()),
        ("source", pa.string()),
    ]
)

DECISIONS = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("recommendation_id", pa.string(), nullable=False),
        ("user_id", pa.string()),
        ("session_id", pa.string()),
        pa.field("surface", pa.string(), nullable=False),
        pa.field("timestamp", TIME, nullable=False),
        pa.field("policy", pa.string(), nullable=False),
        pa.field("policy_version", pa.int64(), nullable=False),
        pa.field("variant", pa.string(), nullable=False),
        pa.field("candidates", pa.list_(pa.string()), nullable=False),
        pa.field("scores", pa.list_(pa.float32()), nullable=False),
        pa.field("features_version", pa.string(), nullable=False),
        pa.field("slate", pa.list_(CHOICE), nullable=False),
        pa.field("exploration", pa.float64(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("features", pa.list_(pa.list_(pa.float32())), nullable=False),
        pa.field("census", pa.list_(pa.list_(pa.float32())), nullable=False),
        pa.field("census_share", pa.float64(), nullable=False),
    ]
)
"""Served slates; `features` has one list for each position of the slate, `census` one for each candidate.

Where no census was kept it is empty and its share 0.
"""

SCHEMAS: dict[Table, pa.Schema] = {"events": EVENTS, "items": ITEMS, "decisions": DECISIONS}
