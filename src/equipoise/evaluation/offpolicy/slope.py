"""SLOPE: stop shrinking where the bias begins to show (Su, Srinath and Krishnamurthy, 2020).

Of estimators in the order of falling variance, each with more bias than the one before, take the last whose
interval still agrees with those of all before. Its error is within a constant of the best one's.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from equipoise.evaluation.offpolicy.estimate import Terms

SLACK = sqrt(6.0) - 1.0


def slope(terms: Sequence[Terms], confidence: float = 0.95) -> int:
    """Return the place of the estimator to trust, of the `terms` of several on the same rounds."""
    n = len(terms[0].values)
    reach = float(stdtrit(n - 1, confidence))
    values = np.array([one.mean() for one in terms])
    widths = np.array([reach * one.error() for one in terms])
    order = np.argsort(widths, kind="stable")[::-1]
    for step in range(1, len(order)):
        here, before = order[step], order[:step]
        if (np.abs(values[before] - values[here]) > widths[here] + SLACK * widths[before]).any():
            return int(order[step - 1])
    return int(order[-1])
