"""The dashboard's figures, and remarks on its time line."""

from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.reading import read_one
from equipoise.serving.schemas import MarkIn, MarkOut
from equipoise.serving.state import State
from equipoise.serving.times import iso, now


async def figures(state: State, call: Call) -> Answer:
    """Return the figures as of the learner's last round."""
    return json_answer(state.learner.report())


async def mark(state: State, call: Call) -> Answer:
    """Note on the chart that something happened now."""
    told, moment = read_one(call.body, MarkIn), now()
    state.learner.mark(told.label, moment)
    return json_answer(MarkOut(label=told.label, timestamp=iso(moment)), status=201)
