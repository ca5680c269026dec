"""Which ids of a long log were met before, in 8 bytes each and no time to speak of."""

from dataclasses import dataclass, field

import numpy as np

from equipoise.evaluation.offpolicy.accepted import repeated
from equipoise.types import Bools, Ints


@dataclass(slots=True)
class Met:
    """Ids met so far, as sorted runs each longer than the next: few to look into, few merges."""

    runs: list[Ints] = field(default_factory=list)

    def add(self, ids: Ints) -> Bools:
        """Return which of `ids` (n,) were met before, here or above, and remember the others."""
        again = repeated(ids)
        for run in self.runs:
            places = np.minimum(np.searchsorted(run, ids), len(run) - 1)
            again |= run[places] == ids
        fresh = np.sort(ids[~again])
        while self.runs and len(self.runs[-1]) <= len(fresh):
            fresh = np.sort(np.concatenate((self.runs.pop(), fresh)), kind="stable")
        if len(fresh):
            self.runs.append(fresh)
        return again
