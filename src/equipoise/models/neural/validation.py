"""When to stop: some users' last visits are kept from training, and the model is asked for them."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut, held_out
from equipoise.models.learner import Scorer
from equipoise.models.neural.aims import aimed, fresh
from equipoise.types import Ints

K = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """`train` is all but the last visit of some users; `asked` is what they met then, for the first time.

    With `repeats`, what they met again is asked too, and nothing is left out of the answers.
    """

    train: Interactions
    asked: HeldOut
    repeats: bool = False

    @classmethod
    def of(
        cls,
        data: Interactions,
        *,
        validation_users: int,
        rng: np.random.Generator,
        repeats: bool = False,
        target_kind: str | None = None,
    ) -> "Validation":
        """Keep back the last visit of up to `validation_users` users, of those who came most recently.

        Where all begin at the same time, times are places in the order of each user, and nobody came more
        recently than another: they are drawn from all. With a `target_kind`, only events of it are asked for.
        """
        first, last = _first_and_last(data)
        several = np.flatnonzero(last > first)
        if len(np.unique(first[several])) > 1:
            newest = several[np.argsort(-last[several], kind="stable")]
            chosen = rng.permutation(newest[: max(2 * validation_users, len(several) // 2)])
        else:
            chosen = rng.permutation(several)
        chosen = chosen[: min(validation_users, len(several) // 5)]
        kept_back = np.isin(data.users, chosen) & (data.times == last[data.users])
        train = data.where(~kept_back)
        wanted = kept_back & aimed(data, target_kind)
        wanted = wanted if repeats else wanted & fresh(data)
        return cls(train=train, asked=held_out(train, data.where(wanted)), repeats=repeats)

    def ndcg(self, scorer: Scorer) -> float:
        """Return the mean NDCG@10 of `scorer` on what was kept back, 0 where nothing was."""
        if len(self.asked) == 0:
            return 0.0
        best = scorer.top(self.asked.histories, K, exclude_seen=not self.repeats).items
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
