"""The deep value learners by name; PyTorch is imported when one is asked for."""

from importlib import import_module
from typing import Any

from equipoise.errors import BadInputError, MissingExtraError
from equipoise.models.reinforcement.value_learner import ValueLearner

VALUE_LEARNERS = {
    "slate_q": "SlateQ",
    "double_dqn": "DoubleDQN",
    "actor_critic": "ActorCritic",
    "reinforce": "Reinforce",
}


def named(name: str, **settings: Any) -> ValueLearner:
    """Return the value learner called `name` with `settings`; refuse an unknown one."""
    if name not in VALUE_LEARNERS:
        choices = ", ".join(VALUE_LEARNERS)
        raise BadInputError("--learner", f"there is no {name!r}; choose one of {choices}")
    try:
        module = import_module(f"equipoise.models.reinforcement.{name}")
    except ModuleNotFoundError as error:
        raise MissingExtraError("deep", f"the value learner {name}") from error
    learner: ValueLearner = getattr(module, VALUE_LEARNERS[name])(**settings)
    return learner
