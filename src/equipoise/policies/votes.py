"""The weighing of posterior sampling with a fixed number of draws: each draw votes for what it holds best.

Thompson sampling (Thompson, 1933) draws from the posterior and takes the best. With draws that are fixed
until the policy learns again, taking one of them at random at each slot is the same, and the probability
of a candidate is the share of the draws that prefer it among what is left: exact, though not for ever.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.kernels import kernel
from equipoise.policies.sampler import Slot
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class ItemVotes:
    """Draws of what items are worth: `offsets` (u, draws) how far they lie from what is believed, for u
    items; `places` (n, m) which of them each candidate is.
    """

    offsets: Floats
    places: Ints

    def __call__(self, slot: Slot) -> Floats:
        """Return how many draws prefer each candidate, (n, m); a draw splits its vote among its best."""
        votes = np.zeros(slot.left.shape)
        _vote(slot.left, self.offsets, self.places, votes)
        return votes


@kernel
def _vote(left: Floats, offsets: Floats, places: Ints, votes: Floats) -> None:
    (n, m), draws = left.shape, offsets.shape[1]
    tops, ties = np.empty(draws), np.empty(draws)
    for row in range(n):
        tops[:], ties[:] = -np.inf, 0.0
        for place in range(m):
            worth, item = left[row, place], places[row, place]
            for draw in range(draws):
                tops[draw] = max(tops[draw], worth + offsets[item, draw])
        for place in range(m):
            worth, item = left[row, place], places[row, place]
            for draw in range(draws):
                ties[draw] += worth + offsets[item, draw] == tops[draw]
        for place in range(m):
            worth, item = left[row, place], places[row, place]
            if worth > -np.inf:
                for draw in range(draws):
                    votes[row, place] += (worth + offsets[item, draw] == tops[draw]) / ties[draw]
