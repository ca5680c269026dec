"""What a ranking came to: each metric for each user, its mean, and how sure the mean is."""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.ranking.intervals import bootstrap_interval, normal_interval
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """`per_user` maps a metric such as ndcg@10 to its value for each user, (n,).

    `coverage` maps those that are one number for all users, such as coverage@10 and gini@10. `users` (n,) are
    their codes, where known.
    """

    per_user: dict[str, Floats]
    coverage: dict[str, float]
    users: Ints | None = None

    def means(self) -> dict[str, float]:
        """Return the mean of each metric over the users, and those that are one number."""
        return {name: float(values.mean()) for name, values in self.per_user.items()} | self.coverage

    def interval(self, metric: str) -> tuple[float, float]:
        """Return the 95% interval of the mean of `metric` over users like these (normal)."""
        return normal_interval(self.of(metric))

    def bootstrap(self, metric: str, *, rng: np.random.Generator, draws: int = 1000) -> tuple[float, float]:
        """Return the 95% interval of the mean of `metric` from resamples of the users (percentile)."""
        return bootstrap_interval(self.of(metric), rng=rng, draws=draws)

    def of(self, metric: str) -> Floats:
        """Return the value of `metric` for each user, (n,), or raise `BadInputError` where there is none."""
        if metric not in self.per_user:
            known = ", ".join(self.per_user)
            raise BadInputError("metric", f"{metric!r} has no value for each user; choose from {known}")
        return self.per_user[metric]
