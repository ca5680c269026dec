"""GET /v1/users/{id}: what is remembered of a user."""

from equipoise.events.facts import EVENT_TYPES
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.memory import Trail
from equipoise.serving.schemas import Remembered, UserOut
from equipoise.serving.state import State
from equipoise.serving.times import iso


async def get(state: State, call: Call) -> Answer:
    """Return a user's recent events, newest first; an unknown user has none, and is no error."""
    user_id = call.path["user_id"]
    trail = state.memory.trail(("user", user_id))
    found = trail if trail is not None else Trail()
    return json_answer(
        UserOut(
            user_id=user_id,
            known=trail is not None,
            recent=_recent(found, state.shelf.ids),
            counts={EVENT_TYPES[kind]: count for kind, count in sorted(found.counts.items())},
        )
    )


def _recent(trail: Trail, ids: list[str]) -> tuple[Remembered, ...]:
    return tuple(
        Remembered(item_id=ids[item], event_type=EVENT_TYPES[kind], timestamp=iso(time))  # type: ignore[arg-type]
        for time, item, kind in reversed(list(trail.rows()))
    )
