"""New users (strong generalisation, Marlin, 2004): whoever is asked was never learned from."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.splits.parts import Parts, cut
from equipoise.data.splits.places import places
from equipoise.errors import BadInputError
from equipoise.random import derive
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUsers:
    """Users are dealt at random into `folds`; those of the fold `nth` are asked, the others learned from.

    Of each one asked, the first rows are the history and the last `share`, at least one, the targets, if
    they weigh at least `relevant`. `seed` deals. Models learn from other users' later days: this measures
    how well strangers are served, not how well the future is told.
    """

    folds: int = 5
    nth: int = 0
    share: float = 0.2
    relevant: float = 0.0
    seed: int = 7

    def __post_init__(self) -> None:
        if self.folds < 2:
            raise BadInputError("--folds", f"must be at least 2, is {self.folds}")
        if not 0 < self.share < 1:
            raise BadInputError("--share", f"must lie between 0 and 1, is {self.share:g}")

    @property
    def twin(self) -> "NewUsers":
        """A share of the users that are learned from."""
        return self

    def hold_out(self, data: Interactions) -> Parts:
        """Cut by user, and the histories of those asked by place."""
        mine = self._dealt(data)[data.users] == self.nth
        counts = np.bincount(data.users, minlength=data.n_users)
        given = counts - np.maximum(np.ceil(self.share * counts).astype(np.int64), 1)
        early = places(data) < given[data.users]
        asked = mine & ~early & (data.weights >= self.relevant)
        return cut(data, train=~mine, known=mine & early, asked=asked, past=~mine)

    def _dealt(self, data: Interactions) -> Ints:
        """Return the fold of each user, (n_users,); users with rows are dealt evenly."""
        users = np.unique(data.users)
        fold = np.full(data.n_users, -1)
        fold[derive(self.seed, "new users").permutation(users)] = np.arange(len(users)) % self.folds
        return fold
