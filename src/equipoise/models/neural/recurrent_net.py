"""What the recurrent learners and their nets share: all but the cell."""

from dataclasses import dataclass

from equipoise.errors import BadInputError
from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.models.neural.layers import Linear, Norm
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.models.space import Whole, tunable


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrentLearner(SequenceLearner):
    """A sequence learner whose net has a state of `hidden_size` numbers."""

    hidden_size: int = tunable(128, Whole(32, 512, log=True))

    def __post_init__(self) -> None:
        SequenceLearner.__post_init__(self)
        if self.hidden_size < 1:
            raise BadInputError(self.name, "hidden_size must be at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrentNet:
    """The weights of a cell, of what comes `into` it and `back` from its state, then a layer to the items."""

    into: Array
    back: Array
    into_bias: Array
    back_bias: Array
    out: Linear
    norm: Norm

    def told(self, states: Array, on: Backend) -> Array:
        """Return the vectors (…, d) of what is expected after `states` (…, h)."""
        return self.norm(self.out(on.drop(states)), on)
