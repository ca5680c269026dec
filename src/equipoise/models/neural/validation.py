"""When to stop: some users' last visits are kept from training, and the model is asked for them."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut, held_out
from equipoise.models.learner import Scorer
from equipoise.models.neural.sampler import fresh
from equipoise.types import Ints

K = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """`train` is all but the last visit of some users; `asked` is what they met for the first time then."""

    train: Interactions
    asked: HeldOut

    @classmethod
    def of(cls, data: Interactions, *, users: int, rng: np.random.Generator) -> "Validation":
        """Keep back the last visit of up to `users` users, drawn from those who came most recently."""
        first, last = _first_and_last(data)
        several = np.flatnonzero(last > first)
        recent = several[np.argsort(-last[several], kind="stable")][: max(2 * users, len(several) // 2)]
        chosen = rng.permutation(recent)[: min(users, len(several) // 5)]
        kept_back = np.isin(data.users, chosen) & (data.times == last[data.users])
        train = data.where(~kept_back)
        return cls(train=train, asked=held_out(train, data.where(kept_back & fresh(data))))

    def ndcg(self, scorer: Scorer) -> float:
        """Return the mean NDCG@10 of `scorer` on what was kept back, 0 where nothing was."""
        if len(self.asked) == 0:
            return 0.0
        best = scorer.top(self.asked.histories, K).items
        hits = np.stack([np.isin(row, goal) for row, goal in zip(best, self.asked.targets, strict=True)])
        discounts = 1.0 / np.log2(np.arange(2, K + 2))
        ideal = np.cumsum(discounts)[np.minimum(self.asked.targets.lengths(), K) - 1]
        return float((hits @ discounts / ideal).mean())


def _first_and_last(data: Interactions) -> tuple[Ints, Ints]:
    """Return the times of each user's first and last interaction, (n_users,); 0 where there is none."""
    first, last = np.zeros((2, data.n_users), np.int64)
    last[data.users] = data.times
    first[data.users[::-1]] = data.times[::-1]
    return first, last
