"""Voters that are linear in the features: posterior draws, or members of a bag.

Where a policy such as Thompson's draws its weights at random, its propensities have no closed form. With
a fixed number of draws they have: the share of the draws that prefer a candidate.
"""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from equipoise.policies.election import Elected, Votes
from equipoise.policies.policy import Options, check_options
from equipoise.policies.sampler import Weigh
from equipoise.policies.walks import judge_rows, walk_by_votes
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Voters:
    """What candidates are worth is features . `mean` (p,); voter s votes by features . `weights[:, s]`.

    `weights` is (p, s); `floor` is the least chance of a candidate, if 1 / K is not even less.
    """

    mean: Floats
    weights: Floats
    floor: float = 0.0


class Voting(Elected):
    """A policy whose voters are linear in the features, or in what it makes of them."""

    __slots__ = ()

    @abstractmethod
    def voters(self) -> Voters:
        """Return who votes."""

    def represented(self, options: Options) -> Floats:
        """Return what voters see of the candidates, (n, m, p)."""
        check_options(options, len(self.voters().mean))
        return options.features

    def fill(
        self,
        options: Options,
        given: bool,
        actions: Ints,
        chances: Floats,
        explored: Bools,
        exploration: Floats,
    ) -> None:
        """Fill the slates of `options` by votes."""
        voters = self.voters()
        walk_by_votes(
            self.represented(options),
            voters.mean,
            voters.weights,
            voters.floor,
            options.items,
            given,
            actions,
            chances,
            explored,
            exploration,
        )

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the votes; this takes memory for every voter's utility of every candidate."""
        voters, (n, m) = self.voters(), options.items.shape
        worth, ballots = np.empty((n, m)), np.empty((n, m, voters.weights.shape[1]))
        judge_rows(self.represented(options), voters.mean, voters.weights, worth, ballots)
        return worth, Votes(worth, ballots, voters.floor)
