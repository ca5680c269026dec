"""A slate that nobody is shown and a lesson that nobody keeps: so that the first shopper does not wait.

Loops become machine code when they are first called, which takes seconds on a machine that has not kept it
yet, and even reading it back takes a tenth of one.
"""

import logging
import time

import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import LearningPolicy
from equipoise.random import derive
from equipoise.recommenders.recommender import Recommendation, Recommender, Request
from equipoise.serving.arms import Arms
from equipoise.serving.logs import log, say

_MET = 3
"""Items of the history that is asked with."""


def rehearse(arms: Arms, catalogue: Catalogue, k: int, *, now: int) -> None:
    """Let every arm draw a slate of `k` and learn from it; nothing is kept, and what fails is logged."""
    started = time.perf_counter()
    request = Request(history=np.arange(min(_MET, len(catalogue))), now=now)
    for name, arm in arms.items():
        try:
            _once(arm.recommender, request, catalogue, k)
        except Exception:
            log.exception("rehearsal failed", extra={"told": {"variant": name}})
    say(logging.INFO, "rehearsed", variants=len(arms), seconds=round(time.perf_counter() - started, 2))


def _once(recommender: Recommender, request: Request, catalogue: Catalogue, k: int) -> None:
    slate = recommender.recommend(request, catalogue, k, rng=derive(0, "rehearsal"))
    if isinstance(recommender.policy, LearningPolicy) and len(slate.items):
        recommender.policy.update(_lesson(slate))


def _lesson(slate: Recommendation) -> LoggedFeedback:
    """Return what would be learnt if the top had been bought, at once and again later, and nothing below."""
    rows = np.append(np.arange(len(slate.items)), 0)
    return LoggedFeedback(
        items=slate.items[rows],
        features=slate.features[rows],
        positions=rows,
        propensities=slate.propensities[rows],
        rewards=(rows == 0).astype(np.float64),
        impressions=np.append(np.ones(len(slate.items)), 0.0),
        by_expert=None if slate.by_expert is None else slate.by_expert[rows],
    )
