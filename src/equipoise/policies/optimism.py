"""Optimism on a linear model: each candidate at its mean plus a width in posterior deviations."""

from abc import abstractmethod
from functools import partial

import numpy as np

from equipoise.policies.election import Elected, Fill, Votes
from equipoise.policies.gaussian import Gaussian
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Weigh
from equipoise.policies.walks import bound_rows, walk_by_bounds
from equipoise.types import Floats


class Optimist(Elected):
    """A policy that shows the highest upper confidence bounds; exact ties are split at random."""

    __slots__ = ()

    @abstractmethod
    def hoping(self) -> tuple[Gaussian, float]:
        """Return what is believed of the weights, and how many deviations are added to the mean."""

    def election(self, options: Options) -> Fill:
        """Return the walk by upper confidence bounds."""
        believed, width = self.hoping()
        believed.check(options)
        return partial(walk_by_bounds, options.features, believed.mean, believed.root, width, options.items)

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh nothing but the highest upper confidence bound."""
        believed, width = self.hoping()
        believed.check(options)
        worth, bounds = np.empty(options.items.shape), np.empty((*options.items.shape, 1))
        bound_rows(options.features, believed.mean, believed.root, width, worth, bounds)
        return worth, Votes(worth, bounds)
