"""How each kind of fact lies in the tables of the log, and how it comes out again."""

from equipoise.events.facts import Decision, Event, Fact, Item
from equipoise.events.log import Table
from equipoise.events.rows.decisions import DecisionRows
from equipoise.events.rows.events import EventRows
from equipoise.events.rows.items import ItemRows
from equipoise.events.rows.kept import Kept

ROWS: dict[type[Fact], Kept] = {Event: EventRows(), Item: ItemRows(), Decision: DecisionRows()}
BY_TABLE: dict[Table, Kept] = {rows.table: rows for rows in ROWS.values()}

__all__ = ["BY_TABLE", "ROWS", "DecisionRows", "EventRows", "ItemRows", "Kept"]
