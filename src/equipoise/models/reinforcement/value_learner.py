"""What every deep value learner offers, whatever it runs on: settings that start a pupil, who learns."""

from typing import Protocol

import numpy as np

from equipoise.data.experience import Experience
from equipoise.models.reinforcement.values import CandidateValues


class Pupil(Protocol):
    """A value learner at work: it remembers and learns, and can be asked at any time what it has learnt."""

    def see(self, steps: Experience) -> None:
        """Remember `steps`, in order."""
        ...

    def learn(self, rng: np.random.Generator) -> float:
        """Make one update from what is remembered, and return its loss."""
        ...

    def values(self) -> CandidateValues:
        """Return what is known now: arrays that do not change any more, fit to be saved."""
        ...


class ValueLearner(Protocol):
    """The settings of a value learner."""

    def start(self, example: Experience, *, n_own: int, rng: np.random.Generator) -> Pupil:
        """Return one who knows nothing yet, of steps like `example`.

        The first `n_own` features are the candidate's own, the others those of the request.
        """
        ...
