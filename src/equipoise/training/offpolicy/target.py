"""A policy as a target on single actions with contexts, to be judged by any estimator."""

import numpy as np

from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.target import Target
from equipoise.policies.policy import NOTHING, Options, Policy
from equipoise.types import Floats


def as_target(policy: Policy, log: LoggedActions) -> Target:
    """Return what `policy` would have done in each round of `log`, told contexts, not scores or features.

    The log to judge on should be another than the one that the policy was learned from.
    """
    n, m = len(log), log.n_actions
    codes = np.broadcast_to(np.arange(m), (n, m))
    options = Options(
        items=codes if log.candidates is None else np.where(log.candidates, codes, NOTHING),
        scores=np.zeros((n, m)),
        features=np.zeros((n, m, 0)),
        context=np.zeros((n, 0)) if log.contexts is None else log.contexts,
    )
    table: Floats = np.column_stack(
        [policy.propensities(options, np.full((n, 1), action))[:, 0] for action in range(m)]
    )
    return Target.of(table, log)
