"""POST /v1/events: take what is usable, make it durable, and let the next slate know."""

from equipoise.errors import BadInputError
from equipoise.events.facts import Event
from equipoise.events.validate import check_event
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.ids import new_id
from equipoise.serving.logs import say_refused
from equipoise.serving.reading import all_rejected, read_many, rejected
from equipoise.serving.schemas import EventIn, EventsOut, Rejected
from equipoise.serving.state import State
from equipoise.serving.times import microseconds, now


async def post(state: State, call: Call) -> Answer:
    """Answer once the accepted events are durable and remembered."""
    told, refused = read_many(call.body, EventIn)
    events, unfit = _facts(told, now())
    refused = sorted([*refused, *unfit], key=lambda each: each.index)
    state.metrics.rejections.inc(len(refused))
    say_refused("events", refused)
    if not events:
        raise all_rejected(refused)
    receipt = await state.store(events)
    state.metrics.duplicates.inc(receipt.duplicates)
    return json_answer(
        EventsOut(accepted=receipt.new, duplicates=receipt.duplicates, rejected=tuple(refused))
    )


def _facts(told: list[tuple[int, EventIn]], moment: int) -> tuple[list[Event], list[Rejected]]:
    events, unfit = [], []
    for index, each in told:
        try:
            events.append(_fact(each, moment))
        except BadInputError as error:
            unfit.append(rejected(index, error))
    return events, unfit


def _fact(told: EventIn, moment: int) -> Event:
    """Return the fact; raise `BadInputError` where it cannot be kept."""
    event = Event(
        event_id=told.event_id if told.event_id is not None else new_id(),
        event_type=told.event_type,
        timestamp=moment if told.timestamp is None else microseconds(told.timestamp, at=moment),
        user_id=told.user_id,
        session_id=told.session_id,
        item_id=told.item_id,
        value=told.value,
        quantity=told.quantity,
        currency=told.currency,
        recommendation_id=told.recommendation_id,
        position=told.position,
        properties=told.properties,
    )
    fault = check_event(event)
    if fault is not None:
        raise BadInputError(*fault)
    return event
