"""Doubly robust learning (Dudik, Langford and Li, 2011), with the variance penalty of POEM."""

from dataclasses import dataclass

from equipoise.errors import BadInputError
from equipoise.training.offpolicy.choices import Choices
from equipoise.training.offpolicy.guesses import of_actions
from equipoise.training.offpolicy.objective import Slopes, bounded, ratios
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class DR:
    """What a reward model expects of the policy, and the weighted rest of what was earned beyond the model.

    Less `penalty` standard errors; weights are `clip` at most.
    """

    penalty: float = 1.0
    clip: float = 10.0

    def of(self, choices: Choices, chances: Floats, values: Floats) -> Slopes:
        """Return the objective and its slopes; refuse choices without guesses."""
        if choices.guesses is None:
            raise BadInputError("--objective", "dr needs a reward model; give the choices guesses")
        weights, slopes = ratios(choices, chances, self.clip)
        beyond = choices.rewards - choices.means() - of_actions(choices)
        terms = ((choices.means() + values) * choices.filled + weights * beyond).sum(axis=1)
        value, slope = bounded(terms, self.penalty)
        return Slopes(
            value=value,
            on_chance=slope[:, None] * slopes * beyond,
            on_value=slope[:, None] * choices.filled,
        )
