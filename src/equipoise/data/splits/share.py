"""A share of each user's rows, at random: for data whose order nobody knows."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.splits.parts import Parts, cut
from equipoise.data.splits.places import starts
from equipoise.random import derive


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOfEach:
    """Asks for a `share` of each user's rows, drawn by `seed`, given the rest.

    Of those drawn, the ones that weigh at least `relevant` are answers.
    """

    share: float = 0.2
    relevant: float = 0.0
    seed: int = 7

    @property
    def twin(self) -> "ShareOfEach":
        """The same share of what is left."""
        return self

    def hold_out(self, data: Interactions) -> Parts:
        """Cut each user's rows."""
        rng = derive(self.seed, "share of each")
        # Of each user the rows with the lowest draws: sorted by user and draw, a row's place is its rank.
        order = np.lexsort((rng.random(len(data)), data.users))
        begin = starts(data)
        rank = np.empty(len(data), np.int64)
        rank[order] = np.arange(len(data)) - begin[data.users[order]]
        asked = rank < np.floor(self.share * np.diff(begin) + 0.5)[data.users]
        return cut(data, train=~asked, known=~asked, asked=asked & (data.weights >= self.relevant))
