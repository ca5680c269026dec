"""What a single event or item must be like to be kept; serving and ingest ask the same questions."""

import math
import re
from collections.abc import Iterable, Iterator

import msgspec

from equipoise.events.facts import EVENT_TYPES, Event, Item

Fault = tuple[str, str]
"""A field, and what is wrong with it and how to mend it."""

LONGEST_ID = 256
LONGEST_TEXT = 10_000
LARGEST_PROPERTIES = 10_000
MOST_CATEGORIES = 50
LAST_POSITION = 10_000
LARGEST_AMOUNT = 1e12
LATEST = 4_102_444_800_000_000
"""The first microsecond of the year 2100, UTC."""

_NOT_PRINTED = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_CURRENCY = re.compile("[A-Z]{3}")


def check_event(event: Event) -> Fault | None:
    """Return the first fault of `event`, None where it can be kept."""
    return next(_event_faults(event), None)


def check_item(item: Item) -> Fault | None:
    """Return the first fault of `item`, None where it can be kept."""
    return next(_item_faults(item), None)


def _event_faults(event: Event) -> Iterator[Fault]:
    yield from _ids((("event_id", event.event_id),))
    if event.event_type not in EVENT_TYPES:
        yield "event_type", f"must be one of {', '.join(EVENT_TYPES)}"
    yield from _time(event.timestamp)
    ids = (
        ("user_id", event.user_id),
        ("session_id", event.session_id),
        ("item_id", event.item_id),
        ("recommendation_id", event.recommendation_id),
    )
    yield from _ids(ids)
    yield from _who_and_what(event)
    yield from _amounts((("value", event.value), ("quantity", event.quantity)))
    yield from _currency(event.currency)
    if event.position is not None and not 0 <= event.position <= LAST_POSITION:
        yield "position", f"must be from 0 to {LAST_POSITION}, 0 on top"
    yield from _properties(event.properties)


def _who_and_what(event: Event) -> Iterator[Fault]:
    if event.event_type == "impression":
        if event.recommendation_id is None and event.item_id is None:
            yield "recommendation_id", "an impression names the recommendation or the item that was seen"
        return
    if event.user_id is None and event.session_id is None:
        yield "user_id", "give user_id or session_id, or both"
    if event.item_id is None:
        yield "item_id", "is missing; say which item the event is about"


def _item_faults(item: Item) -> Iterator[Fault]:
    yield from _ids((("item_id", item.item_id),))
    yield from _time(item.timestamp)
    texts = (
        ("title", item.title),
        ("description", item.description),
        ("brand", item.brand),
        ("image_url", item.image_url),
        *(("categories", category) for category in item.categories),
    )
    for field, text in texts:
        if text is not None and len(text) > LONGEST_TEXT:
            yield field, f"is longer than {LONGEST_TEXT} characters"
        if text is not None and _NOT_TEXT.search(text):
            yield field, "holds a NUL character or broken Unicode; send plain text"
    yield from _amounts((("price", item.price), ("margin", item.margin)))
    if item.price is not None and item.price < 0:
        yield "price", "must not be negative"
    yield from _currency(item.currency)
    if len(item.categories) > MOST_CATEGORIES:
        yield "categories", f"has more than {MOST_CATEGORIES} entries"
    yield from _properties(item.properties)


def _ids(ids: Iterable[tuple[str, str | None]]) -> Iterator[Fault]:
    for field, value in ids:
        if value is None:
            continue
        if not value:
            yield field, "is empty; leave it out or give an id"
        if len(value) > LONGEST_ID:
            yield field, f"is longer than {LONGEST_ID} characters"
        if _NOT_PRINTED.search(value):
            yield field, "holds control characters or broken Unicode"


def _time(timestamp: int) -> Iterator[Fault]:
    if not 0 <= timestamp < LATEST:
        yield "timestamp", "must lie between 1970 and 2100; give ISO 8601 or an epoch number"


def _amounts(amounts: Iterable[tuple[str, float | None]]) -> Iterator[Fault]:
    for field, amount in amounts:
        if amount is not None and not math.isfinite(amount):
            yield field, "must be a finite number"
        if amount is not None and abs(amount) > LARGEST_AMOUNT:
            yield field, f"is beyond {LARGEST_AMOUNT:g}"


def _currency(currency: str | None) -> Iterator[Fault]:
    if currency is not None and not _CURRENCY.fullmatch(currency):
        yield "currency", "must be three capital letters, as EUR (ISO 4217)"


def _properties(properties: dict[str, object]) -> Iterator[Fault]:
    try:
        text = msgspec.json.encode(properties)
    except (TypeError, ValueError, RecursionError):
        yield "properties", "cannot be written as JSON; use text, numbers, lists and objects"
        return
    if len(text) > LARGEST_PROPERTIES:
        yield "properties", f"take more than {LARGEST_PROPERTIES} bytes as JSON"
    if any(not math.isfinite(value) for value in _numbers(properties.values())):
        yield "properties", "holds a number that is not finite"


def _numbers(values: Iterable[object]) -> Iterator[float]:
    for value in values:
        match value:
            case float():
                yield value
            case dict():
                yield from _numbers(value.values())
            case list() | tuple():
                yield from _numbers(value)
