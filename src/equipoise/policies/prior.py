"""What is believed of linear weights before any feedback, whatever the units of rewards and features."""

import numpy as np

from equipoise.policies.reward_scale import RewardScale
from equipoise.types import Floats

SPREAD = 0.5
"""How far a weight is expected to lie from its prior mean, as a share of the mean reward."""
SCALE = 1.0
"""How far the scale of the prior mean as a whole may lie from 1."""
_RATE, _STRENGTH = 0.05, 10.0
"""Until more is known, rewards are as of that many impressions of which this share earned."""


def prior_precision(mean: Floats, deviations: Floats) -> Floats:
    """Return the precision (d, d) of weights that are `mean` times N(1, SCALE^2), plus independent noise.

    `deviations` (d,) are those of the noise. The covariance diag(deviations^2) + SCALE^2 m m^T is inverted
    by Sherman and Morrison (1950): whoever fitted the prior mean on other data may well have its scale
    wrong and its direction right.
    """
    diagonal = deviations**-2.0
    pulled = diagonal * mean
    precision: Floats = np.diag(diagonal)
    precision -= np.outer(pulled, pulled) * (SCALE**2 / (1.0 + SCALE**2 * float(pulled @ mean)))
    return precision


def expected_deviations(scale: RewardScale, sizes: Floats) -> Floats:
    """Return the prior standard deviation (d,) of weights on features of usual `sizes` (d,)."""
    earned = scale.earned + _STRENGTH * _RATE * scale.worth
    return SPREAD * earned / (scale.exposure + _STRENGTH) / sizes


def mean_square(scale: RewardScale) -> float:
    """Return the mean squared reward of an impression on top: its noise, were nothing explained."""
    return (scale.squares + _STRENGTH * _RATE * scale.worth**2) / (scale.exposure + _STRENGTH)
