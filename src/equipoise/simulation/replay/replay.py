"""Replay of a log: a policy is judged where it would have shown what was shown.

Li, Chu, Langford and Wang, 2011, "Unbiased offline evaluation of contextual-bandit-based news article
recommendation algorithms", algorithm 2, in batches.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, Slates
from equipoise.random import derive
from equipoise.simulation.parts.encoding import by_trait
from equipoise.simulation.replay.log import Log, evened
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged(Options):
    """Requests of a log; `rows` (n,) says which. Policies must read no more than `Options` has."""

    rows: Ints


@dataclass(slots=True, kw_only=True)
class Replay:
    """An environment made of a uniform log. A round counts where the policy's choice is the logged one.

    The reward of the others is NaN: nobody knows it. So is the best slate's.
    """

    log: Log
    at: int = 0

    @classmethod
    def of(cls, log: Log, *, seed: int) -> Self:
        """Return the replay of `log`, made uniform by rejection first."""
        return cls(log=evened(log, rng=derive(seed, "replay")))

    def requests(self, n: int) -> Logged:
        """Return the next `n` requests, none after the end."""
        rows = np.arange(self.at, min(self.at + n, len(self.log)))
        self.at += len(rows)
        candidates, traits = self.log.candidates[rows], self.log.traits[rows]
        return Logged(
            items=candidates,
            scores=np.zeros(candidates.shape),
            features=by_trait(self.log.content[candidates], traits),
            context=traits,
            rows=rows,
        )

    def react(self, options: Options, slates: Slates) -> Floats:
        """Return the logged reward where the choice is the logged one, else NaN, (n, 1)."""
        rows = _own(options).rows
        if slates.actions.shape[1] != 1:
            raise BadInputError("k", "a replay judges one position; ask for slates of 1")
        matches = slates.actions[:, 0] == self.log.actions[rows]
        return np.where(matches, self.log.rewards[rows], np.nan)[:, None]

    def best(self, options: Options, k: int) -> Floats:
        """Return NaN, (n,): a log does not know its best slate."""
        return np.full(len(options), np.nan)


def _own(options: Options) -> Logged:
    if not isinstance(options, Logged):
        raise BadInputError("options", "are not of this log; react to what its `requests` returned")
    return options
