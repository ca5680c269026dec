"""One row of a file: the facts in it, or the fault that keeps it out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from equipoise.errors import BadInputError
from equipoise.events.facts import Event, Item
from equipoise.events.times import parse_time
from equipoise.events.validate import Fault, check_event

_PROPERTIES = msgspec.json.Decoder(dict[str, Any])
_canonical = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row by its place in the file, from 1: an `event` with what it tells of its `item`, or a `fault`."""

    number: int
    content: Any
    event: Event | None = None
    item: Item | None = None
    fault: Fault | None = None


Reader = Callable[[Path], Iterator[Row]]


def to_row(number: int, fields: Mapping[str, Any], **about_item: Any) -> Row:
    """Return the row of the event that `fields` describe, by the names of `Event`.

    An event without an id gets one from its content, so that the same row read twice is one event.
    """
    try:
        event = to_event(fields)
    except BadInputError as error:
        return Row(number=number, content=fields, fault=(error.field, error.reason))
    fault = check_event(event)
    if fault is not None:
        return Row(number=number, content=fields, fault=fault)
    if event.item_id is None:
        return Row(number=number, content=fields, event=event)
    item = Item(item_id=event.item_id, timestamp=event.timestamp, **about_item)
    return Row(number=number, content=fields, event=event, item=item)


def to_event(fields: Mapping[str, Any]) -> Event:
    """Return the event that `fields` describe; raise `BadInputError` where a value is no such thing."""
    event_type = _text(fields, "event_type")
    if event_type is None:
        raise BadInputError("event_type", "is missing; name the column of it with --map event_type=COLUMN")
    plain = Event(
        event_id=_text(fields, "event_id") or "",
        event_type=event_type.lower(),  # type: ignore[arg-type]  # any other word is refused by check_event
        timestamp=parse_time(_filled(fields, "timestamp")),
        user_id=_text(fields, "user_id"),
        session_id=_text(fields, "session_id"),
        item_id=_text(fields, "item_id"),
        value=_number(fields, "value"),
        quantity=_number(fields, "quantity"),
        currency=_text(fields, "currency"),
        recommendation_id=_text(fields, "recommendation_id"),
        position=_whole(fields, "position"),
        properties=_properties(fields),
    )
    return plain if plain.event_id else msgspec.structs.replace(plain, event_id=_from_content(plain))


def _from_content(event: Event) -> str:
    try:
        return blake2b(_canonical.encode(event), digest_size=16).hexdigest()
    except (TypeError, ValueError) as error:
        raise BadInputError("row", "holds broken Unicode; save the file as UTF-8") from error


def _filled(fields: Mapping[str, Any], name: str) -> Any:
    value = fields.get(name)
    return None if value == "" else value


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    match _filled(fields, name):
        case None:
            return None
        case str() as text:
            return text.strip() or None
        case bool():
            raise BadInputError(name, "is true or false; give text or a number")
        case float() as number if number.is_integer():
            return str(int(number))  # ids that went through a spreadsheet
        case int() as number:
            return str(number)
    raise BadInputError(name, "is neither text nor a whole number")


def _number(fields: Mapping[str, Any], name: str) -> float | None:
    value = _filled(fields, name)
    if value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise BadInputError(name, "is not a number") from error


def _whole(fields: Mapping[str, Any], name: str) -> int | None:
    number = _number(fields, name)
    if number is None:
        return None
    if not number.is_integer():
        raise BadInputError(name, "is not a whole number")
    return int(number)


def _properties(fields: Mapping[str, Any]) -> dict[str, Any]:
    match _filled(fields, "properties"):
        case None:
            return {}
        case dict() as found:
            return found
        case str() as text:
            try:
                return _PROPERTIES.decode(text)
            except (msgspec.DecodeError, UnicodeError) as error:
                raise BadInputError("properties", "is not a JSON object") from error
    raise BadInputError("properties", "is not a JSON object")
