"""Doubly robust estimation for sequences (Jiang and Li, 2016), weighted (Thomas and Brunskill, 2016)."""

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.sequential.episodes import Episodes
from equipoise.evaluation.sequential.value import Value, effective, of_terms
from equipoise.types import Floats


def doubly_robust(episodes: Episodes, q: Floats, v: Floats, *, weighted: bool = True) -> Value:
    """Return V(s_1) corrected by what really followed.

    `q` (n,) is a model's value of the logged slate in each step of the log and `v` (n,) that of the
    target's there: right if either the model or the propensities are. Per episode that is
    sum_t discount^t (rho_1..t (r_t - q_t) + rho_1..t-1 v_t), the rho divided by their means if `weighted`.
    """
    if q.shape != v.shape or len(q) <= int(episodes.steps.max()):
        raise BadInputError("q", "q and v must have one value for each step of the log")
    weights = episodes.cumulative()
    before = np.concatenate([np.ones((len(weights), 1)), weights[:, :-1]], axis=1)
    ess = effective(weights[:, -1])
    if weighted:
        weights, before = (each / np.maximum(each.mean(axis=0), 1e-300) for each in (weights, before))
    q_there, v_there = (np.where(episodes.there, each[episodes.steps], 0.0) for each in (q, v))
    terms = weights * (episodes.rewards - q_there) + before * v_there
    return of_terms(terms @ episodes.discounts, ess)
