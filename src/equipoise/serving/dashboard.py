"""The dashboard's figures, and remarks on its time line."""

from http import HTTPStatus

from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.problem import Problem
from equipoise.serving.reading import read_one
from equipoise.serving.schemas import MarkIn, MarkOut
from equipoise.serving.state import State
from equipoise.serving.times import iso, now


async def figures(state: State, call: Call) -> Answer:
    """Return the figures as of the learner's last round."""
    report, arms = state.board.report, state.arms
    if report is None:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"the {len(arms)} variants are not counted yet; ask again in a second",
        )
    return json_answer(report)


async def mark(state: State, call: Call) -> Answer:
    """Note on the chart that something happened now."""
    told, moment = read_one(call.body, MarkIn), now()
    state.board.mark(told.label, moment)
    return json_answer(MarkOut(label=told.label, timestamp=iso(moment)), status=201)
