"""Whether the server lives, whether it is ready, and its metrics."""

from equipoise import __version__
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.schemas import Health
from equipoise.serving.state import State


async def live(state: State, call: Call) -> Answer:
    """Answer as long as the process does."""
    return json_answer(Health(status="live", version=__version__))


async def ready(state: State, call: Call) -> Answer:
    """Answer 200 once slates can be made, a 503 problem before."""
    policies = {name: arm.version for name, arm in state.arms.items()}
    return json_answer(Health(status="ready", version=__version__, items=len(state.shelf), policies=policies))


async def metrics(state: State, call: Call) -> Answer:
    """Return the metrics in the text format of Prometheus."""
    state.metrics.lag.set(state.rounds.lag())
    state.metrics.spent(state.steward.state(), state.steward.guard)
    return state.metrics.answer()
