"""A policy as a target on single actions with contexts, to be judged by any estimator."""

import numpy as np

from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.sources.rounds import chances_of
from equipoise.evaluation.offpolicy.target import Target
from equipoise.policies.policy import Policy


def as_target(policy: Policy, log: LoggedActions) -> Target:
    """Return what `policy` would have done in each round of `log`, told contexts, not scores or features.

    The log to judge on should be another than the one that the policy was learned from.
    """
    context = np.zeros((len(log), 0)) if log.contexts is None else log.contexts
    return Target.of(chances_of(policy, log, np.zeros((len(log), log.n_actions)), context), log)
