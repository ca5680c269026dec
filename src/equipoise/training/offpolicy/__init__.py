"""Policies learned from a log alone."""

from equipoise.training.offpolicy.choices import Choices
from equipoise.training.offpolicy.dr import DR
from equipoise.training.offpolicy.gradient import Learned, PolicyGradient
from equipoise.training.offpolicy.ips import IPS
from equipoise.training.offpolicy.objective import Objective
from equipoise.training.offpolicy.snips import SNIPS
from equipoise.training.offpolicy.target import as_target

__all__ = ["DR", "IPS", "SNIPS", "Choices", "Learned", "Objective", "PolicyGradient", "as_target"]
