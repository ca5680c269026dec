"""Whether one model is better than another, asked of the same users."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np
from scipy.special import stdtr, stdtrit

from equipoise.errors import BadInputError
from equipoise.evaluation.ranking.figures import Ranking
from equipoise.evaluation.ranking.intervals import batches, resampled_means
from equipoise.random import derive
from equipoise.types import Floats

LEVEL = 0.95
Verdict: TypeAlias = tuple[float, float, float]
"""The ends of the interval of the mean difference, and the p-value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The mean of `first` less that of `second`, its 95% interval, and how likely that is by chance.

    `p` is two-sided; `p_holm` is corrected for all comparisons that were made together.
    """

    first: str
    second: str
    metric: str
    difference: float
    low: float
    high: float
    p: float
    p_holm: float


def compare_rankings(
    rankings: Mapping[str, Ranking],
    metric: str,
    *,
    baseline: str | None = None,
    test: str = "t",
    rng: np.random.Generator | None = None,
    draws: int = 10_000,
) -> list[Comparison]:
    """Compare every two of `rankings`, or each with `baseline`, by `metric` on the same users.

    `test` is `t` (paired), `bootstrap` or `randomisation`; the last two take `draws` from `rng`. Raises
    `BadInputError` for rankings of different users, and for names that are not known.
    """
    if test not in TESTS:
        raise BadInputError("test", f"{test!r} is not known; choose from {', '.join(TESTS)}")
    pairs = _pairs(list(rankings), baseline)
    _check(list(rankings.values()))
    rng = derive(0, "compare") if rng is None else rng
    values = {name: ranking.of(metric) for name, ranking in rankings.items()}
    gaps = [values[one] - values[other] for one, other in pairs]
    verdicts = [TESTS[test](gap, rng, draws) for gap in gaps]
    corrected = holm([p for *_, p in verdicts])
    return [
        Comparison(
            first=one,
            second=other,
            metric=metric,
            difference=float(gap.mean()),
            low=low,
            high=high,
            p=p,
            p_holm=p_holm,
        )
        for (one, other), gap, (low, high, p), p_holm in zip(pairs, gaps, verdicts, corrected, strict=True)
    ]


def paired_t(gaps: Floats, rng: np.random.Generator, draws: int) -> Verdict:
    """Test whether the mean of `gaps` (n,) is 0 by Student's t (1908); `rng` and `draws` are not used."""
    n, mean = len(gaps), float(gaps.mean())
    error = float(gaps.std(ddof=1)) / n**0.5
    if error == 0.0:
        return mean, mean, float(mean == 0.0)
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * error
    return mean - half, mean + half, float(2 * stdtr(n - 1, -abs(mean) / error))


def paired_bootstrap(gaps: Floats, rng: np.random.Generator, draws: int) -> Verdict:
    """Resample the users; p is how often a mean resampled about 0 is as far out (Efron and Tibshirani, 1993).

    The interval is of percentiles.
    """
    mean = float(gaps.mean())
    means = resampled_means(gaps, rng=rng, draws=draws)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high), _extreme(means - mean, mean)


def paired_randomisation(gaps: Floats, rng: np.random.Generator, draws: int) -> Verdict:
    """Swap the two models at random, a user at a time; p is how often the mean is as far out (Fisher, 1935).

    Recommended for retrieval by Smucker, Allan and Carterette (2007). The interval is that of `paired_t`.
    """
    low, high, _ = paired_t(gaps, rng, draws)
    signs = (rng.integers(0, 2, (some, len(gaps)), np.int8) for some in batches(draws, len(gaps)))
    means = np.concatenate([(2 * (sign @ gaps) - gaps.sum()) / len(gaps) for sign in signs])
    return low, high, _extreme(means, float(gaps.mean()))


TESTS: dict[str, Callable[[Floats, np.random.Generator, int], Verdict]] = {
    "t": paired_t,
    "bootstrap": paired_bootstrap,
    "randomisation": paired_randomisation,
}


def holm(ps: Sequence[float]) -> list[float]:
    """Return `ps` corrected so that one false alarm among all has at most the stated chance (Holm, 1979)."""
    order = np.argsort(ps, kind="stable")
    steps = np.asarray(ps, np.float64)[order] * np.arange(len(ps), 0, -1)
    corrected = np.empty(len(ps))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected.tolist()


def _extreme(by_chance: Floats, observed: float) -> float:
    """Return the share of draws at least as far from 0; what was seen counts as one of them."""
    # Sums in another order differ in the last bits, and an equal mean must count.
    as_far = np.abs(by_chance) >= abs(observed) * (1 - 1e-9)
    return float((1 + as_far.sum()) / (1 + len(by_chance)))


def _pairs(names: Sequence[str], baseline: str | None) -> list[tuple[str, str]]:
    if baseline is None:
        return list(combinations(names, 2))
    if baseline not in names:
        raise BadInputError("baseline", f"{baseline!r} was not ranked; choose from {', '.join(names)}")
    return [(name, baseline) for name in names if name != baseline]


def _check(rankings: Sequence[Ranking]) -> None:
    users = [ranking.users for ranking in rankings if ranking.users is not None]
    sizes = {len(values) for ranking in rankings for values in ranking.per_user.values()}
    if len(rankings) < 2 or len(sizes) != 1 or min(sizes) < 2:
        raise BadInputError("rankings", "needs at least two, of the same users, at least two of them")
    if any(not np.array_equal(users[0], others) for others in users[1:]):
        raise BadInputError("rankings", "are of different users; rank all models on one split")
