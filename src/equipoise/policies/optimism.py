"""Optimism on a linear model: each candidate at its mean plus a width in posterior deviations."""

from abc import abstractmethod

import numpy as np

from equipoise.policies.election import Elected, Votes
from equipoise.policies.gaussian import Gaussian
from equipoise.policies.policy import Options, check_options
from equipoise.policies.sampler import Weigh
from equipoise.policies.walks import bound_rows, walk_by_bounds
from equipoise.types import Bools, Floats, Ints


class Optimist(Elected):
    """A policy that shows the highest upper confidence bounds; exact ties are split at random."""

    __slots__ = ()

    @abstractmethod
    def hoping(self) -> tuple[Gaussian, float]:
        """Return what is believed of the weights, and how many deviations are added to the mean."""

    def fill(
        self,
        options: Options,
        given: bool,
        actions: Ints,
        chances: Floats,
        explored: Bools,
        exploration: Floats,
    ) -> None:
        """Fill the slates of `options` by upper confidence bounds."""
        believed, width = self.hoping()
        check_options(options, len(believed.mean))
        walk_by_bounds(
            options.features,
            believed.mean,
            believed.root,
            width,
            options.items,
            given,
            actions,
            chances,
            explored,
            exploration,
        )

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh nothing but the highest upper confidence bound."""
        believed, width = self.hoping()
        check_options(options, len(believed.mean))
        worth, bounds = np.empty(options.items.shape), np.empty((*options.items.shape, 1))
        bound_rows(options.features, believed.mean, believed.root, width, worth, bounds)
        return worth, Votes(worth, bounds)
