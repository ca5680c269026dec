"""Exploring earns its keep: in shops where greedy is stuck, and at little cost where it is not."""

from statistics import fmean

import numpy as np
import pytest

from equipoise.policies import LinBoltzmann, LinGreedy, Uniform

from .conftest import N_FEATURES
