"""What training needs of the log, as Ibis expressions: one for the items, one for the interactions.

They read top to bottom and run on any Ibis backend; `prepare` runs them on DuckDB.
"""

from collections.abc import Mapping
from typing import Any

import ibis
from ibis import _

from equipoise.events.facts import EVENT_TYPES

_KINDS = {name: place for place, name in enumerate(EVENT_TYPES)}
Table = Any
"""An Ibis table expression; Ibis ships no usable types."""


def current_items(items: Table) -> Table:
    """Return one row an item in the order of its code: its newest version, and when it was first told."""
    lives = items.group_by("item_id").agg(first=_.seq.min(), seq=_.seq.max(), told=_.timestamp.min())
    newest = items.drop("item_id", "timestamp").inner_join(lives, "seq")
    return newest.mutate(code=ibis.row_number().over(order_by="first")).order_by("code")


def with_arrival(items: Table, events: Table) -> Table:
    """Add `arrived`, when an item was first told or met, whichever came first."""
    met = events.group_by("item_id").agg(met=_.timestamp.min())
    return (
        items.left_join(met, "item_id")
        .mutate(arrived=ibis.least(_.told, ibis.coalesce(_.met, _.told)))
        .order_by("code")
    )


def interactions(events: Table, items: Table, weights: Mapping[str, float]) -> Table:
    """Return one row an event that counts, sorted by user, time and order of arrival.

    A visitor without a user id is known by the session. Events on items that are not in the
    catalogue, or by nobody, are left out. Users are numbered as they first appear. Only a
    purchase has money.
    """
    who = ibis.coalesce(events.user_id, ibis.literal("session ") + events.session_id)
    return (
        events.filter(_.event_type.isin(list(weights)))
        .mutate(who=who, weight=_.event_type.cases(*weights.items(), else_=0.0))
        .mutate(kind=_.event_type.cases(*_KINDS.items(), else_=-1))
        .filter(_.who.notnull())
        .inner_join(items.select("item_id", item="code"), "item_id")
        .mutate(value=ibis.ifelse(_.event_type == "purchase", _.value.fill_null(0.0), 0.0))
        .mutate(since=_.seq.min().over(group_by="who"))
        .mutate(user=ibis.dense_rank().over(order_by="since"))
        .select("user", "who", "item", "timestamp", "weight", "value", "kind", "seq")
        .order_by("user", "timestamp", "seq")
    )
